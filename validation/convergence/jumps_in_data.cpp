// SPDX-License-Identifier: GPL-3.0-or-later
// Fourier's method and path integrals from laws, and for values, that jump between the centres of cells: spectral accuracy,
// against error functions. Samples at the centres would leave errors of order 1 in the spacing.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "grids/quadrature.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "validation/support/formula_process.hpp"

using namespace umkehr;

namespace {

constexpr double start = 0.2, stop = 1.2;

KolmogorovChoices by(Method method) {
  KolmogorovChoices choices;
  choices.method = method;
  choices.tolerance = 1e-11;
  return choices;
}

/// P(X <= z) for X ~ N(0, 1)
double below(double z) {
  return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

/// Errors fall by more than a power of the points, down to `finest`.
void check_fall(const char* what, const std::function<double(std::size_t)>& error, double finest) {
  double before = 1;
  for (const std::size_t n : {60, 90, 135, 202}) {
    const double found = error(n);
    BOOST_TEST_MESSAGE(what << ", " << n << " points: error " << found);
    BOOST_TEST(found < std::max(finest, before / std::pow(1.5, 6)),
               what << ", " << n << " points: " << found);
    before = found;
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_box_spreads) {
  // Ornstein and Uhlenbeck's process from a uniform law on (a, b).
  const double a = -0.66, b = 0.88, m = std::exp(start - stop), s = std::sqrt(0.25 * (1 - m * m));
  const FormulaLaw box{Formula::parse("where(abs(x - 0.11) < 0.77, 1, 0)")};
  for (const Method method : {Method::fourier, Method::path_integral})
    check_fall(
        method == Method::fourier ? "Fourier" : "path integral",
        [&](std::size_t n) {
          const Grid grid({{"x", -5, 5, n}});
          const auto found = solve_fokker_planck(formula_process({"-x"}, "0.5"), grid, box, start,
                                                 {start, stop}, by(method));
          std::vector<double> exact;
          for (const double x : grid.axis(0).centres())
            exact.push_back((below((x - a * m) / s) - below((x - b * m) / s)) / (m * (b - a)));
          BOOST_TEST(found.minimum > -1e-6);
          return relative_l1(found.density[1], exact);
        },
        2e-11);
}

BOOST_AUTO_TEST_CASE(a_law_with_a_kink_and_a_jump_keeps_its_mean) {
  // E x(t) = E x(s) exp(s - t), to the digits of splines; by samples at the centres it would be off by 1e-3.
  const Grid grid({{"x", -5, 5, 90}});
  const FormulaLaw law{Formula::parse("exp(-3*abs(x + 0.4)) + where(x > 0.137, exp(-4*(x - 0.137)), 0)")};
  const double mass = 2.0 / 3 + 0.25, mean = (-0.4 * 2 / 3 + 0.25 * (0.137 + 0.25)) / mass;
  for (const Method method : {Method::fourier, Method::path_integral}) {
    const auto found =
        solve_fokker_planck(formula_process({"-x"}, "0.5"), grid, law, start, {stop}, by(method));
    double first = 0;
    for (std::size_t i = 0; i < grid.size(); ++i)
      first += grid.cell_volume() * grid.axis(0).centre(i) * found.density[0][i];
    BOOST_TEST_MESSAGE("mean off by " << first - mean * std::exp(start - stop));
    BOOST_TEST(std::abs(first - mean * std::exp(start - stop)) < 1e-5);
  }
}

BOOST_AUTO_TEST_CASE(a_value_that_jumps) {
  // P(X(stop) > c), in the middle quarter of the axis, where the method's walls are not felt.
  const double c = 0.33, drift = 0.3, s = std::sqrt(0.8 * (stop - start));
  for (const Method method : {Method::fourier, Method::path_integral})
    check_fall(
        method == Method::fourier ? "Fourier's value" : "path integral's value",
        [&](std::size_t n) {
          const Grid grid({{"x", -12, 12, 2 * n}});
          const auto found =
              solve_backward_kolmogorov(formula_process({"0.3"}, "0.8"), grid,
                                        Formula::parse("where(x > 0.33, 1, 0)"), stop, {start}, by(method));
          double worst = 0;
          for (std::size_t i = 3 * n / 4; i < 5 * n / 4; ++i) {
            const double exact = below((grid.axis(0).centre(i) + drift * (stop - start) - c) / s);
            worst = std::max(worst, std::abs(found.value[0][i] - exact));
          }
          return worst;
        },
        2e-10);
}

BOOST_AUTO_TEST_CASE(a_value_that_jumps_in_the_plane) {
  const double s = std::sqrt(0.5 * (stop - start));
  const Grid grid({{"x", -6, 6, 72}, {"y", -6, 6, 80}});
  const Points centres = grid.centres();
  const Formula quadrant = Formula::parse("where(x > 0.123, 1, 0)*where(y > -0.21, 1, 0)", {{"x", "y"}, {}});
  for (const Method method : {Method::fourier, Method::path_integral}) {
    const auto found = solve_backward_kolmogorov(formula_process({"0", "0"}, "0.5"), grid, quadrant, stop,
                                                 {start}, by(method));
    double worst = 0;
    for (std::size_t i = 0; i < grid.size(); ++i) {
      const double x = centres[0][i], y = centres[1][i];
      if (std::abs(x) > 0.7 || std::abs(y) > 0.7) continue;
      worst = std::max(worst, std::abs(found.value[0][i] - below((x - 0.123) / s) * below((y + 0.21) / s)));
    }
    BOOST_TEST_MESSAGE("in the plane off by " << worst);
    BOOST_TEST(worst < 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(a_ring_whose_ends_do_not_meet) {
  // x on (0, 2 pi) = pi - 2 sum sin(kx)/k and x^2 = 4 pi^2/3 + 4 sum (cos(kx)/k^2 - pi sin(kx)/k); each wave decays and turns.
  constexpr double pi = std::numbers::pi, turn = 0.5, noise = 0.3;
  const auto spread = [&](double x, auto&& wave) {
    double sum = 0;
    for (int k = 1; k < 40; ++k) sum += std::exp(-0.5 * noise * k * k * (stop - start)) * wave(x, k);
    return sum;
  };
  const auto of_x = [&](double x) {
    return pi + spread(x, [](double z, int k) { return -2 * std::sin(k * z) / k; });
  };
  const auto of_square = [&](double x) {
    return 4 * pi * pi / 3 +
           spread(x, [&](double z, int k) { return 4 * (std::cos(k * z) / k - pi * std::sin(k * z)) / k; });
  };
  const Process process = formula_process({"0.5"}, "0.3");
  for (const Method method : {Method::fourier, Method::path_integral})
    check_fall(
        method == Method::fourier ? "Fourier on a ring" : "path integral on a ring",
        [&](std::size_t n) {
          const Grid grid({{"x", 0, 2 * pi, n, Boundary::periodic}});
          const auto value =
              solve_backward_kolmogorov(process, grid, Formula::parse("x^2"), stop, {start}, by(method));
          const auto run = solve_fokker_planck(process, grid, FormulaLaw{Formula::parse("1 + x")}, start,
                                               {stop}, by(method));
          double worst = 0;
          for (std::size_t i = 0; i < n; ++i) {
            const double x = grid.axis(0).centre(i), shift = turn * (stop - start);
            const double density = (1 + of_x(x - shift)) / (2 * pi * (1 + pi));
            worst = std::max({worst, std::abs(run.density[0][i] - density),
                              std::abs(value.value[0][i] - of_square(x + shift)) / (4 * pi * pi)});
          }
          return worst;
        },
        2e-11);
}
