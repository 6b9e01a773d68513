// SPDX-License-Identifier: GPL-3.0-or-later
// How far in walls are felt: against the reflection principle, and against what the wall's kind changes in a value.
#include "solver/kolmogorov/wall_reach.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "solver/kolmogorov/backward_kolmogorov.hpp"

using namespace umkehr;

namespace {

Grid box(double from, double to, Boundary boundary = Boundary::reflecting) {
  return Grid({Axis{"x", from, to, 400, boundary}});
}

}  // namespace

/// From a distance a of a wall Brownian motion meets it with probability erfc(a/sqrt(2 D t)): 1e-6 at a = 4.89 sqrt(D t).
BOOST_AUTO_TEST_CASE(brownian_motion_by_the_reflection_principle) {
  for (const double diffusion : {0.01, 0.3}) {
    const Process brownian{{Coefficient(Formula::constant(0, 1))}, {diffusion}, 0.0, {}};
    const WallReach reach = wall_reach(brownian, box(-4, 9), 0, 0.5, 1.5);
    const double expected = 4.892 * std::sqrt(diffusion);
    for (const double distance : {reach.lower, reach.upper}) {
      BOOST_TEST(distance > 0.95 * expected);
      BOOST_TEST(distance < 1.35 * expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(reflecting_and_absorbing_walls_differ_only_where_they_are_felt) {
  const Coefficient one = 1.0;
  for (const char* drift : {"x - x^3", "-x", "0.5"}) {
    const Process process{{Formula::parse(drift)}, {0.4}, 0.0, {}};
    const double stop = 0.6;
    const auto reflected = solve_backward_kolmogorov(process, box(-3, 3), one, stop, {0.0});
    const auto absorbed =
        solve_backward_kolmogorov(process, box(-3, 3, Boundary::absorbing), one, stop, {0.0});
    const WallReach reach = wall_reach(process, box(-3, 3), 0, 0, stop);
    double left = 0, right = 0;  // where they differ on the left, and on the right
    for (std::size_t i = 0; i < 400; ++i) {
      const double x = box(-3, 3).axis(0).centre(i);
      if (std::abs(reflected.value[0][i] - absorbed.value[0][i]) <= 1e-6) continue;
      double& distance = x < 0 ? left : right;
      distance = std::max(distance, 3 - std::abs(x));
    }
    BOOST_TEST_MESSAGE(drift << ": felt " << left << " and " << right << ", said " << reach.lower << " and "
                             << reach.upper);
    for (const auto& [felt, said] : {std::pair(left, reach.lower), std::pair(right, reach.upper)}) {
      BOOST_TEST(felt > 0.02);
      BOOST_TEST(said > 0.9 * felt - 0.02);
      BOOST_TEST(said < 1.5 * felt + 0.1);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_run_says_it) {
  const Process process{{Formula::parse("-x")}, {0.4}, 0.0, {}};
  const auto says = [](const BackwardKolmogorovSolution& solution, const char* what) {
    for (const std::string& warning : solution.warnings)
      if (warning.find(what) != std::string::npos) return true;
    return false;
  };
  BOOST_TEST(
      says(solve_backward_kolmogorov(process, box(-4, 4), 1.0, 1, {0.0}), "feel the walls of x below -"));
  BOOST_TEST(
      !says(solve_backward_kolmogorov(process, box(-4, 4, Boundary::periodic), 1.0, 1, {0.0}), "walls"));
  // Walls that are meant are not warned of.
  BOOST_TEST(!says(solve_backward_kolmogorov(process, box(-0.5, 0.5), 1.0, 1, {0.0}), "walls"));
  BOOST_TEST(
      !says(solve_backward_kolmogorov(process, box(-4, 4, Boundary::absorbing), 1.0, 1, {0.0}), "walls"));
  KolmogorovChoices fourier;
  fourier.method = Method::fourier;
  BOOST_TEST(
      says(solve_backward_kolmogorov(process, box(-0.5, 0.5), 1.0, 0.2, {0.0}, fourier), "everywhere"));
}
