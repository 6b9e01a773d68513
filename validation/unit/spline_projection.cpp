// SPDX-License-Identifier: GPL-3.0-or-later
// Masses at points as values on a grid, and quadrature between the jumps of a formula: pairings with smooth functions.
#include "grids/interpolation/spline_projection.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "solver/process/pieces.hpp"

using namespace umkehr;

namespace {

/// sum of h^d p J - sum of m J for J = cos(kx x) cos(ky y), which both walls keep.
double pairing_error(std::size_t n, double wave) {
  const Grid grid({{"x", 0, 1, n}, {"y", 0, 1, n + 6, Boundary::periodic}});
  const auto j = [wave](double x, double y) {
    return std::cos(wave * std::numbers::pi * x) * std::cos(2 * std::numbers::pi * y + 0.3);
  };
  const Points places(std::vector<std::vector<double>>{{0.0123, 0.41, 0.987, 0.5}, {0.99, 0.2, 0.55, 0.013}});
  const std::vector<double> masses = {0.3, -1, 2, 0.7};
  const std::vector<double> values = spline_projection(grid, places, masses);
  const Points centres = grid.centres();
  double sum = 0;
  for (std::size_t i = 0; i < grid.size(); ++i)
    sum += grid.cell_volume() * values[i] * j(centres[0][i], centres[1][i]);
  for (std::size_t i = 0; i < masses.size(); ++i) sum -= masses[i] * j(places[0][i], places[1][i]);
  return std::abs(sum);
}

}  // namespace

BOOST_AUTO_TEST_CASE(pairings_are_of_order_eight) {
  double before = 0;
  for (const std::size_t n : {12, 24, 48, 96}) {
    const double error = pairing_error(n, 3);
    BOOST_TEST_MESSAGE(n << " points: " << error);
    if (before > 1e-11) BOOST_TEST(error < std::max(1e-13, before / 100));
    before = error;
  }
  BOOST_TEST(before < 1e-12);
}

BOOST_AUTO_TEST_CASE(a_gaussian_of_a_variance) {
  const Grid grid({{"x", -3, 3, 60}});
  const double mass = 1.5, variance = 0.09;
  const std::vector<double> values =
      spline_projection(grid, Points(std::vector<std::vector<double>>{{0.234}}), {&mass, 1}, {&variance, 1});
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const double z = grid.axis(0).centre(i) - 0.234;
    const double exact =
        mass * std::exp(-z * z / (2 * variance)) / std::sqrt(2 * std::numbers::pi * variance);
    BOOST_TEST(std::abs(values[i] - exact) < 1e-7);
  }
}

BOOST_AUTO_TEST_CASE(nodes_lie_between_the_jumps) {
  const Grid line({{"x", -1, 2, 7}});
  const Pieces step({Formula::parse("where(x > 0.3, x^3, 1)"), 1});
  const Nodes nodes = nodes_of(step, line, 0);
  std::vector<double> f(nodes.weight.size());
  step.function()(nodes.points, 0, f);
  double sum = 0, length = 0;
  for (std::size_t i = 0; i < f.size(); ++i) {
    sum += nodes.weight[i] * f[i];
    length += nodes.weight[i];
  }
  BOOST_TEST(std::abs(sum - (1.3 + (16 - std::pow(0.3, 4)) / 4)) < 1e-13);
  BOOST_TEST(std::abs(length - 3) < 1e-14);
  const Grid plane({{"x", -1, 1, 9}, {"y", -1, 1, 8}});
  const Pieces below({Formula::parse("where(y < x/3 + 0.1, x^2, 0)", {{"x", "y"}, {}}), 2});
  const Nodes all = nodes_of(below, plane, 0);
  f.resize(all.weight.size());
  below.function()(all.points, 0, f);
  sum = 0;
  for (std::size_t i = 0; i < f.size(); ++i) sum += all.weight[i] * f[i];
  BOOST_TEST(std::abs(sum - 1.1 * 2 / 3) < 1e-6);
}
