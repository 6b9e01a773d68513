// SPDX-License-Identifier: GPL-3.0-or-later
// The small kits of grids/ that many rooms share, against polynomials, which they reproduce exactly, and closed forms.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <vector>

#include "grids/gauss_rule.hpp"
#include "grids/interpolation/lagrange.hpp"
#include "grids/log_sum_exp.hpp"

using namespace umkehr;

namespace {

double power(double x, std::size_t n) {
  return std::pow(x, static_cast<double>(n));
}

template <std::size_t n>
double integral_of_power(const GaussRule<n>& rule, std::size_t degree) {
  double sum = 0;
  for (std::size_t q = 0; q < n; ++q) sum += rule.weight[q] * power(rule.node[q], degree);
  return sum;
}

/// Exact in x^degree, and not in the next even power.
template <std::size_t n>
void check_rule(const GaussRule<n>& rule, std::size_t degree) {
  BOOST_TEST(std::abs(integral_of_power(rule, degree) - 2.0 / static_cast<double>(degree + 1)) < 1e-14);
  if (n < 9)
    BOOST_TEST(std::abs(integral_of_power(rule, degree + 2) - 2.0 / static_cast<double>(degree + 3)) > 1e-9);
  for (std::size_t q = 1; q < n; ++q) BOOST_TEST(rule.node[q] > rule.node[q - 1]);
  std::vector<bool> seen(n, false);
  for (std::size_t q = 0; q < n; ++q) {
    seen[outwards(n, q)] = true;
    if (q > 0)
      BOOST_TEST(std::abs(rule.node[outwards(n, q)]) + 1e-15 > std::abs(rule.node[outwards(n, q - 1)]));
  }
  BOOST_TEST(seen == std::vector<bool>(n, true), boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_CASE(lagrange_weights_and_slopes_are_exact_for_polynomials) {
  for (std::size_t count = 1; count <= max_lagrange_nodes; ++count) {
    std::vector<double> nodes(count), even(count), weights(count);
    for (std::size_t i = 0; i < count; ++i) nodes[i] = even[i] = static_cast<double>(i);
    const double centre = 0.5 * static_cast<double>(count - 1), x = centre + 0.3;
    lagrange_weights(x, even);
    lagrange_weights(nodes, x, weights);
    for (std::size_t degree = 0; degree < count; ++degree) {
      double by_even = 0, by_any = 0, slope = 0;
      const std::size_t at = count / 3;
      for (std::size_t i = 0; i < count; ++i) {
        const double value = power((nodes[i] - centre) / 8, degree);
        by_even += even[i] * value;
        by_any += weights[i] * value;
        slope += lagrange_slopes(count, at)[i] * value;
      }
      const double place = (static_cast<double>(at) - centre) / 8, n = static_cast<double>(degree);
      BOOST_TEST(std::abs(by_even - power(0.3 / 8, degree)) < 1e-12);
      BOOST_TEST(std::abs(by_any - power(0.3 / 8, degree)) < 1e-12);
      BOOST_TEST(std::abs(slope - (degree == 0 ? 0 : n / 8 * power(place, degree - 1))) < 1e-11);
    }
  }
}

BOOST_AUTO_TEST_CASE(stencils_stay_inside_walls_and_go_around_rings) {
  const Grid grid({Axis{"x", 0, 1, 20, Boundary::reflecting}, Axis{"phi", 0, 2, 64, Boundary::periodic}});
  const auto f = [](double x, double phi) {
    return (1 + power(x, 7)) * std::sin(std::numbers::pi * phi + 0.4);
  };
  const Points centres = grid.centres();
  std::vector<double> field(grid.size());
  for (std::size_t i = 0; i < field.size(); ++i) field[i] = f(centres[0][i], centres[1][i]);
  for (const double x : {0.0, 0.01, 0.5, 0.777, 1.0})
    for (const double phi : {0.0, 0.001, 1.1, 1.999}) {
      const auto stencil = GridStencil::within(grid, 8, std::vector{x, phi});
      BOOST_REQUIRE(stencil.has_value());
      BOOST_TEST(std::abs((*stencil)(field)-f(x, phi)) < 1e-8);
    }
  BOOST_TEST(!GridStencil::within(grid, 8, std::vector{1.01, 0.5}).has_value());
  // A centre is the value there, whatever its neighbours are.
  std::vector<double> alone(grid.size(), log_zero);
  alone[5 * 64 + 63] = 3;
  BOOST_TEST((*GridStencil::within(grid, 8, std::vector{centres[0][5 * 64], centres[1][63]}))(alone) == 3);
}

BOOST_AUTO_TEST_CASE(stencils_in_time_take_as_many_on_either_side_as_there_are) {
  const std::vector<double> times = {0, 1, 2, 4, 8, 16};
  BOOST_TEST(LagrangeStencil::about(times, 4, 0.5).index[0] == 0u);
  BOOST_TEST(LagrangeStencil::about(times, 4, 3).index[0] == 1u);
  BOOST_TEST(LagrangeStencil::about(times, 4, 16).index[0] == 2u);
  BOOST_TEST(LagrangeStencil::about(times, 8, 3).count == 6u);
}

BOOST_AUTO_TEST_CASE(gauss_rules_have_their_degrees) {
  check_rule(gauss_legendre<3>(), 4);
  check_rule(gauss_legendre<4>(), 6);
  check_rule(gauss_legendre<8>(), 14);
  check_rule(gauss_legendre<16>(), 30);
  check_rule(gauss_kronrod<15>(), 22);
}

BOOST_AUTO_TEST_CASE(sums_of_exponentials_neither_overflow_nor_vanish) {
  BOOST_TEST(log_sum_exp(std::vector<double>{}) == log_zero);
  BOOST_TEST(log_sum_exp(std::vector{log_zero, log_zero}) == log_zero);
  BOOST_TEST(std::abs(log_sum_exp(std::vector{900.0, 900.0 + std::log(3.0), log_zero}) - 900 -
                      std::log(4.0)) < 1e-12);
  BOOST_TEST(std::abs(log_sum_exp(std::vector{-2000.0, -2000.0}) + 2000 - std::log(2.0)) < 1e-12);
}
