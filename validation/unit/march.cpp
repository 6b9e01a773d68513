// SPDX-License-Identifier: GPL-3.0-or-later
// The march in time, on an equation whose solution is known: y' = -r(t) y, y a vector of equal numbers.
#include "solver/stepping/march.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "grids/failure.hpp"

using namespace umkehr;

namespace {

constexpr Scheme heun{"Heun", 2}, euler{"Euler", 1};

/// Heun's scheme for r(t) = 1 + sin(t), its transpose being itself, and an Euler scheme that is always accepted.
class Decay : public Propagator {
 public:
  double refuse_longer_than = std::numeric_limits<double>::infinity();
  double refuse_before = 0, blow_up_at = std::numeric_limits<double>::infinity();
  int calls = 0;

  double advance(std::span<double> state, const Step& step, Direction, bool with_error) override {
    multiply(state, factor(step));
    if (!with_error) return 0;
    ++calls;
    latest_ = step;
    return std::abs(factor(step) / std::exp(-integral(step)) - 1);
  }
  int error_order() const override { return 3; }
  const Scheme* fallback_scheme() const override { return &euler; }
  bool acceptable(std::span<const double>) const override {
    return latest_.length() <= refuse_longer_than || latest_.start > refuse_before;
  }

 private:
  static double rate(double t) { return 1 + std::sin(t); }
  static double integral(const Step& step) {
    return step.length() - std::cos(step.stop) + std::cos(step.start);
  }
  double factor(const Step& step) const {
    if (step.stop > blow_up_at) return std::nan("");
    const double h = step.length();
    if (step.scheme == &euler) return 1 / (1 + h * rate(step.stop));
    const double middle = h * rate(step.start + h / 2);
    return 1 - middle + middle * middle / 2;
  }
  static void multiply(std::span<double> state, double factor) {
    for (double& value : state) value *= factor;
  }
  Step latest_;
};

double exact(double from, double to) {
  return std::exp(-(to - from) + std::cos(to) - std::cos(from));
}

const std::vector<double> times = {0.5, 0.9, 0.900001, 3};

void check_steps_join(const Marched& run) {
  BOOST_TEST(run.steps.front().start == times.front());
  BOOST_TEST(run.steps.back().stop == times.back());
  for (std::size_t n = 1; n < run.steps.size(); ++n) BOOST_TEST(run.steps[n].start == run.steps[n - 1].stop);
  for (const Step& step : run.steps) BOOST_TEST(step.length() > 0);
}

}  // namespace

BOOST_AUTO_TEST_CASE(adaptive_steps_keep_the_error_below_the_tolerance_and_hit_saved_times) {
  for (const double tolerance : {1e-3, 1e-6, 1e-9}) {
    Decay decay;
    std::vector<double> y(3, 1.0);
    std::vector<std::size_t> seen;
    const Marched run =
        march_forward(decay, y, times, {.tolerance = tolerance}, [&](std::size_t n, auto state) {
          seen.push_back(n);
          BOOST_TEST(std::abs(state[0] / exact(times[0], times[n]) - 1) <= tolerance);
        });
    check_steps_join(run);
    BOOST_TEST(seen == (std::vector<std::size_t>{0, 1, 2, 3}), boost::test_tools::per_element());
    BOOST_TEST(run.error <= tolerance);
    BOOST_TEST(run.error >= tolerance / 100);
  }
}

BOOST_AUTO_TEST_CASE(a_value_moves_down_and_its_steps_are_listed_upwards) {
  Decay decay;
  std::vector<double> y(3, 1.0);
  std::vector<std::size_t> seen;
  const Marched run =
      march_backward(decay, y, times, {.tolerance = 1e-6}, [&](std::size_t n, auto) { seen.push_back(n); });
  check_steps_join(run);
  BOOST_TEST(seen == (std::vector<std::size_t>{3, 2, 1, 0}), boost::test_tools::per_element());
  BOOST_TEST(std::abs(y[0] / exact(times.front(), times.back()) - 1) <= 1e-6);
}

BOOST_AUTO_TEST_CASE(replayed_steps_pair_exactly) {
  Decay decay;
  std::vector<double> p(3, 1.0), j(3, 1.0), pairings(times.size()), densities(times.size());
  const Marched run = march_forward(decay, p, times, {.tolerance = 1e-5},
                                    [&](std::size_t n, auto state) { densities[n] = state[0]; });
  replay_backward(decay, j, times, run.steps,
                  [&](std::size_t n, auto state) { pairings[n] = densities[n] * state[0]; });
  for (const double pairing : pairings) BOOST_TEST(std::abs(pairing / pairings[0] - 1) < 1e-13);
}

BOOST_AUTO_TEST_CASE(equal_steps_are_only_shortened) {
  Decay decay;
  std::vector<double> y(3, 1.0);
  const Marched run = march_forward(decay, y, times, {.tolerance = 1e-8, .step = 0.3, .scheme = &heun}, {});
  check_steps_join(run);
  BOOST_TEST(run.steps.size() == 2u + 1u + 7u);
  for (const Step& step : run.steps) BOOST_TEST(step.length() <= 0.3 * (1 + 1e-12));
  BOOST_TEST(run.error == 0);
  BOOST_TEST(run.steps.front().scheme == &heun);
}

BOOST_AUTO_TEST_CASE(what_may_not_stand_is_refused_and_halved) {
  Decay decay;
  decay.refuse_longer_than = 1e-4;
  decay.refuse_before = 0.6;
  std::vector<double> y(3, 1.0);
  const Marched run = march_forward(decay, y, times, {.tolerance = 1e-4}, {});
  BOOST_TEST(run.refused > 0u);
  for (const Step& step : run.steps)
    BOOST_TEST((step.start > decay.refuse_before || step.length() <= decay.refuse_longer_than));
  BOOST_TEST(run.steps.back().length() > 1e-3);
}

BOOST_AUTO_TEST_CASE(the_fallback_scheme_takes_over_and_does_not_take_for_ever) {
  Decay decay;
  decay.refuse_longer_than = -1;
  decay.refuse_before = 0.7;
  std::vector<double> y(3, 1.0);
  const Marched run = march_forward(decay, y, times, {.tolerance = 1e-4}, {});
  check_steps_join(run);
  BOOST_TEST(run.steps.front().scheme == &euler);
  BOOST_TEST(!run.steps.back().scheme);
  BOOST_TEST(decay.calls < 2000);
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_fails_with_its_time) {
  Decay decay;
  decay.blow_up_at = 1.25;
  for (const bool equal : {false, true}) {
    std::vector<double> y(3, 1.0);
    StepControl control{.tolerance = 1e-4};
    if (equal) control.step = 0.01;
    BOOST_CHECK_EXCEPTION(march_forward(decay, y, times, control, {}), NumericalFailure,
                          [](const NumericalFailure& failure) {
                            return std::string(failure.what()).find("at t = 1.2") != std::string::npos;
                          });
  }
}

BOOST_AUTO_TEST_CASE(progress_ascends_to_one_and_may_stop_a_run) {
  Decay decay;
  std::vector<double> y(3, 1.0);
  double latest = 0;
  march_forward(decay, y, times, {.tolerance = 1e-6}, {}, [&](double fraction) {
    BOOST_TEST(fraction >= latest);  // the same after a refusal
    latest = fraction;
  });
  BOOST_TEST(latest == 1);
  struct Stop {};
  BOOST_CHECK_THROW(march_forward(decay, y, times, {.tolerance = 1e-6}, {}, [](double) { throw Stop{}; }),
                    Stop);
}
