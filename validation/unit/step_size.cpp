// SPDX-License-Identifier: GPL-3.0-or-later
// The fallback scheme takes ever longer steps only where results without it are unacceptable, never for an error.
#include "solver/stepping/step_size.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace umkehr;

namespace {

/// The fallback's steps where every other step is refused.
std::vector<double> steps_of_fallback(bool unacceptable) {
  StepSize size(1e-8, 1, 4);
  std::vector<double> steps;
  double elapsed = 0;
  while (steps.size() < 5) {
    const double step = size.next(1 - elapsed);
    if (size.is_too_short()) {
      steps.push_back(step);
      size.fell_back(step);
      elapsed += step;
    } else if (unacceptable) {
      size.refused_as_unacceptable(step);
    } else {
      size.refused_for_error(elapsed, step, 1);
    }
  }
  return steps;
}

}  // namespace

BOOST_AUTO_TEST_CASE(errors_do_not_lengthen_the_steps_of_the_fallback) {
  for (const double step : steps_of_fallback(false)) BOOST_TEST(step == 1e-10);
}

BOOST_AUTO_TEST_CASE(unacceptable_results_do) {
  const std::vector<double> steps = steps_of_fallback(true);
  for (std::size_t n = 0; n + 1 < steps.size(); ++n) BOOST_TEST(steps[n + 1] == 4 * steps[n]);
}
