// SPDX-License-Identifier: GPL-3.0-or-later
// Runs with the same `path_step` see the same Brownian paths whatever their steps: places of single particles come together
// at the strong order of the scheme, and without it they do not.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "grids/failure.hpp"
#include "solver/particles/particles.hpp"

namespace {

using namespace umkehr;

Points ends_with(const char* scheme, double dt, double path_step) {
  ParticlesProblem problem;
  problem.process = {
      {Coefficient(Formula::parse("-x - sin(2*x)"))}, {Coefficient(Formula::parse("1 + t/2"))}, 0.0, {}};
  problem.law =
      GaussianMixture({{1, Eigen::VectorXd::Constant(1, 0.5), Eigen::MatrixXd::Constant(1, 1, 0.2)}});
  problem.times = {0, 1};
  ParticleChoices choices;
  choices.scheme = scheme;
  choices.dt = dt;
  choices.path_step = path_step;
  choices.ensemble.count = choices.ensemble.keep = 512;
  return solve_particles(problem, choices).kept.back();
}

double distance(const Points& x, const Points& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.count(); ++i) sum += std::abs(x[0][i] - y[0][i]);
  return sum / static_cast<double>(x.count());
}

}  // namespace

BOOST_AUTO_TEST_CASE(places_on_one_path_come_together_at_the_strong_order) {
  const double part = 1.0 / 2048;
  const Points exact = ends_with("srk", part, part);
  for (const auto& [scheme, order] : {std::pair{"euler-maruyama", 1.0}, {"srk", 1.5}}) {
    const double coarse = distance(ends_with(scheme, 1.0 / 16, part), exact),
                 fine = distance(ends_with(scheme, 1.0 / 128, part), exact),
                 seen = std::log(coarse / fine) / std::log(8.0);
    BOOST_TEST_MESSAGE(scheme << ": " << coarse << " to " << fine << ", order " << seen);
    BOOST_TEST(std::abs(seen - order) < 0.2);
  }
  BOOST_TEST(distance(ends_with("srk", 1.0 / 128, 0), exact) > 0.1);
}

BOOST_AUTO_TEST_CASE(parts_that_do_not_fit_the_steps_are_refused) {
  BOOST_CHECK_THROW(ends_with("srk", 0.3, 0.1), UnfitProblem);
  BOOST_CHECK_THROW(ends_with("srk", 0.1, 0.2), UnfitProblem);
}
