// SPDX-License-Identifier: GPL-3.0-or-later
// Bounds over a box against values of random formulas within it, and against ranges that are known by heart.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "grids/machine/infinity.hpp"
#include "solver/process/formula/formula.hpp"
#include "validation/support/random_formula.hpp"

using namespace umkehr;

namespace {

const FormulaNames names{{"x", "y"}, {}};

std::pair<double, double> range_of(const std::string& text, double from, double to) {
  const std::array<double, 2> low{from, from}, high{to, to};
  return Formula::parse(text, names).range(low, high, 0);
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_value_lies_outside_of_the_bounds) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> uniform(0, 1);
  RandomFormula formulas(7);
  std::size_t held = 0, told = 0;
  for (int n = 0; n < 4000; ++n) {
    const Tree tree = formulas.tree(2 + formulas.below(3));
    Formula formula = Formula::constant(0, 2);
    try {
      formula = Formula::parse(tree.text(), {{"x", "y"}, {{"beta", "0.1 + 19.9*t"}}});
    } catch (const FormulaError&) {
      continue;
    }
    const double t = uniform(random), size = std::pow(10, -3 * uniform(random));
    std::array<double, 2> from{}, to{};
    for (std::size_t k = 0; k < 2; ++k) {
      from[k] = 4 * uniform(random) - 2;
      to[k] = from[k] + size * uniform(random);
    }
    const auto [least, most] = formula.range(from, to, t);
    if (std::isfinite(least) && std::isfinite(most)) ++told;
    const double slack = 1e-9 * (1 + std::max(std::abs(least), std::abs(most)));
    for (int i = 0; i < 50; ++i) {
      const std::array<double, 2> at{std::lerp(from[0], to[0], uniform(random)),
                                     std::lerp(from[1], to[1], uniform(random))};
      if (!tree.is_regular(std::array<std::complex<double>, 3>{at[0], at[1], t})) continue;
      const double value = formula(at, t);
      ++held;
      if (value < least - slack || value > most + slack)
        BOOST_ERROR(formula.text() << " is " << value << " at " << at[0] << ", " << at[1] << ", not within "
                                   << least << " and " << most);
    }
  }
  BOOST_TEST(held > 100000u);
  BOOST_TEST(told > 2000u);
}

BOOST_AUTO_TEST_CASE(ranges_known_by_heart) {
  constexpr double pi = std::numbers::pi;
  struct Known {
    std::string text;
    double from, to, least, most;
  };
  for (const Known& known : std::vector<Known>{
           {"x^2", -1, 2, 0, 4},
           {"x^3", -1, 2, -1, 8},
           {"1/x", 0.5, 2, 0.5, 2},
           {"1/x", -1, 2, -infinity, infinity},
           {"abs(x)", -3, 1, 0, 3},
           {"sin(x)", 1, 2, std::sin(1), 1},
           {"cos(x)", 3, 4, -1, std::cos(4)},
           {"cos(x)", -20, 20, -1, 1},
           {"tan(x)", 1, 2, -infinity, infinity},
           {"tan(x)", -1, 1, -std::tan(1), std::tan(1)},
           {"exp(-x^2)", -1, 2, std::exp(-4), 1},
           {"where(x<0,-1,x)", -1, 2, -1, 2},
           {"(x<3)+(x>=3)*(x==5)", -1, 2, 1, 1},
           {"max(x,0.5)-min(y,0)", 0, 1, 0.5, 1},
           {"sqrt(x)", 4, 9, 2, 3},
           {"x^1.5", 4, 9, 8, 27},
           {"log(x)", 0, 1, -infinity, 0},
           {"acos(x)", -1, 1, 0, pi},
           {"erfc(x)", 0, 1, std::erfc(1), 1},
           {"cosh(x)", -1, 2, 1, std::cosh(2)},
           {"atan2(x,1)", -1, 1, -pi / 4, pi / 4},
       }) {
    const auto [least, most] = range_of(known.text, known.from, known.to);
    BOOST_TEST_CONTEXT(known.text << " from " << known.from << " to " << known.to) {
      BOOST_TEST((least == known.least || std::abs(least - known.least) < 1e-14 * (1 + std::abs(least))),
                 least);
      BOOST_TEST((most == known.most || std::abs(most - known.most) < 1e-14 * (1 + std::abs(most))), most);
    }
  }
}

BOOST_AUTO_TEST_CASE(bounds_close_in_as_the_box_shrinks) {
  const std::string text = "x*exp(-x^2)*cos(3*y) - x*y/(1+y^2)";
  double before = 0;
  for (const double size : {0.1, 0.01, 0.001, 0.0001}) {
    const auto [least, most] = range_of(text, 0.3, 0.3 + size);
    if (before > 0) BOOST_TEST(most - least < 0.11 * before);
    before = most - least;
  }
}
