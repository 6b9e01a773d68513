// SPDX-License-Identifier: GPL-3.0-or-later
// Values under control that keep no more accuracy than is asked for, and those that cannot be had: nodes follow the solution
// over the whole run and beyond the walls, and what they do not resolve is refused. Right values: finite differences of order
// 4 on 3000 and 6000 points with scipy's LSODA at 1e-11, which agree to 2e-9; Cole's integral; closed forms.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "grids/failure.hpp"
#include "solver/hjb/hjb.hpp"
#include "validation/support/affordable.hpp"

namespace {

using namespace umkehr;

Formula formula(const std::string& text, std::size_t dimension = 1) {
  const std::vector<std::string> axes = {"x", "y", "z"};
  return Formula::parse(text, {{axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(dimension)}, {}});
}
Process line(const std::string& drift, const std::string& diffusion, const std::string& killing = "0") {
  return {{formula(drift)}, {formula(diffusion)}, formula(killing), {}};
}

struct Known {
  std::size_t cell;
  std::vector<double> value;  ///< at the saved times
};

void check_known(const HjbSolution& solution, const std::vector<Known>& all) {
  for (const auto& [cell, value] : all)
    for (std::size_t n = 0; n < value.size(); ++n)
      BOOST_TEST(std::abs(solution.value[n][cell] - value[n]) < 1e-8 * (1 + value[n]));
  for (const double error : solution.error) BOOST_TEST(error < 1e-8);
}

}  // namespace

BOOST_AUTO_TEST_CASE(structure_that_grows_is_followed) {
  // The ridge between waiting and climbing out of the well is in no terminal value.
  const Grid well({{"x", -3, 3, 401}}), waves({{"x", -2.5, 2.5, 100}});
  for (const HjbMethod method : {HjbMethod::log_transform, HjbMethod::spectral}) {
    if (!is_sanitized)
      check_known(solve_hjb(line("x - x^3", "0.1"), well, formula("2*(x - 1)^2"), 2, {0, 1}, {method}),
                  {{60, {6.832489392, 7.647864940}},
                   {140, {6.313743497, 6.651997937}},
                   {200, {0.992120079, 1.336476349}},
                   {300, {0.055596414, 0.043194176}}});
    check_known(solve_hjb(line("sin(3*x)*(1 + 0.5*cos(2*t)) - x", "0.05 + 0.02*t", "cos(2*x) - 0.5*x"), waves,
                          formula("3*cos(x) + x^2"), 3, {1, 2}, {method}),
                {{5, {3.242387731, 2.815757173}},
                 {35, {3.840399984, 3.174591134}},
                 {50, {4.009074813, 3.518820767}},
                 {80, {1.681929627, 1.847183979}}});
  }
}

BOOST_AUTO_TEST_CASE(a_shock_is_right_or_refused) {
  // D d lambda/dx obeys Burgers' equation: slope -152.0050 at 0, and -0.9756013 at 0.05, by Cole's integral.
  const double diffusion = 0.02 / std::numbers::pi;
  const Process process{{0.0}, {diffusion}, 0.0, {}};
  const Grid grid({{"x", -1, 1, 1000, Boundary::periodic}});
  const Formula terminal = formula("50*(1 + cos(pi*x))");
  const double stop = 0.5104735;
  const HjbSolution kernel = solve_hjb(process, grid, terminal, stop, {0});
  const std::span<const double> u = kernel.control[0][0];
  BOOST_TEST(std::abs((u[499] - u[500]) / 0.002 + 152.0050) < 2.5);  // of order 2 in the spacing
  BOOST_TEST(std::abs(0.5 * (u[524] + u[525]) - 0.9756013) < 1e-5);
  if (is_sanitized) return;
  const Grid few({{"x", -1, 1, 200, Boundary::periodic}});
  BOOST_CHECK_THROW(solve_hjb(process, few, terminal, stop, {0}, {HjbMethod::spectral}), NumericalFailure);
}

BOOST_AUTO_TEST_CASE(narrow_features_are_seen_or_refused) {
  // A pit of width 1e-3: chi = 1 + c K(0, stop | x, t), c = int (exp(-lambda) - 1) dx, up to 1e-6.
  const Grid grid({{"x", -3, 3, 60}});
  double c = 0;
  for (int n = -4000; n <= 4000; ++n) {
    const double y = n * 1e-6;
    c += std::expm1(30 * std::exp(-y * y / 1e-6)) * 1e-6;
  }
  const HjbSolution pit = solve_hjb(line("0", "1"), grid, formula("-30*exp(-x^2/1e-6)"), 1, {0.2});
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const double x = grid.axis(0).centre(i), variance = 0.8;
    const double kernel = std::exp(-x * x / (2 * variance)) / std::sqrt(2 * std::numbers::pi * variance);
    BOOST_TEST(std::abs(pit.value[0][i] + std::log1p(c * kernel)) < 1e-5);
  }
  for (const HjbMethod method : {HjbMethod::log_transform, HjbMethod::spectral}) {
    BOOST_CHECK_THROW(solve_hjb(line("x - x^3", "1", "1000*exp(-(x - 0.1)^2/1e-6)"), grid, formula("x^2"), 1,
                                {0}, {method}),
                      NumericalFailure);
    BOOST_CHECK_THROW(solve_hjb(line("x - x^3", "1"), grid, formula("abs(x)/1e-4"), 1, {0}, {method}),
                      NumericalFailure);
  }
}

BOOST_AUTO_TEST_CASE(narrow_kernels_in_space_are_right_or_refused) {
  // Separable: a product of E exp(-a |x + sigma Z|) by error functions.
  const Grid grid({{"x", -1, 1, 7}, {"y", -1, 1, 7}, {"z", -1, 1, 7}});
  const Process process{{0.0, 0.0, 0.0}, {2e-5, 2e-5, 2e-5}, 0.0, {}};
  const auto refuses = [&](const std::string& terminal) {
    BOOST_CHECK_THROW(solve_hjb(process, grid, formula(terminal, 3), 1, {0}), NumericalFailure);
  };
  refuses("300*(abs(x) + abs(y) + abs(z))");
  refuses("abs(x - 0.01)/1e-4");
  const HjbSolution smooth = solve_hjb(process, grid, formula("(x + 2*y - z)^2", 3), 1, {0});
  const Points x = grid.centres();
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const double along = x[0][i] + 2 * x[1][i] - x[2][i], scale = 1 + 2 * 6 * 2e-5;
    BOOST_TEST(std::abs(smooth.value[0][i] - along * along / scale - 0.5 * std::log(scale)) < 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(pieces_are_not_taken_for_polynomials) {
  // A killing that jumps has derivative 0 almost everywhere, and is no constant.
  const Grid grid({{"x", -3, 3, 200}});
  for (const HjbMethod method : {HjbMethod::log_transform, HjbMethod::spectral})
    BOOST_CHECK_THROW(
        solve_hjb(line("-x", "0.3", "where(x > 0.2, 1, 0)"), grid, formula("x^2"), 1, {0}, {method, 1e-3}),
        NumericalFailure);
}
