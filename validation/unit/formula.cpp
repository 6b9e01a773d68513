// SPDX-License-Identifier: GPL-3.0-or-later
// What formulas mean: the grammar, the functions, names and definitions, dependence, text, and sums of formulas.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "grids/failure.hpp"
#include "solver/process/coefficient.hpp"
#include "solver/process/formula/formula.hpp"
#include "validation/support/random_formula.hpp"

using namespace umkehr;

namespace {

const FormulaNames names{{"x", "y"}, {{"beta", "0.1 + 19.9*t"}, {"a", "b + b"}, {"b", "c*x"}, {"c", "2"}}};
constexpr std::array<double, 2> point{0.7, -0.3};
constexpr double moment = 0.5;

double value(const std::string& text) {
  return Formula::parse(text, names)(point, moment);
}

void check(const std::string& text, double expected) {
  BOOST_TEST_CONTEXT(text) BOOST_TEST(value(text) == expected, boost::test_tools::tolerance(4e-16));
}

}  // namespace

BOOST_AUTO_TEST_CASE(precedence) {
  check("1 + 2*3", 7);
  check("10 - 4 - 3", 3);
  check("24/4/2", 3);
  check("-x^2", -0.49);
  check("2^-1", 0.5);
  check("2^3^2", 512);
  check("-2^2", -4);
  check("2^-x^2", std::pow(2, -0.49));
  check("(-2)^2", 4);
  check("3 - -2", 5);
  check("--x", 0.7);
  check("+x", 0.7);
  check("2*-x", -1.4);
  check("1 + 1 == 2", 1);
  check("1 < 2", 1);
  check("(3 > 2) + (2 >= 2) + (1 <= 0) + (1 != 1)", 2);
  check(" 1\t+\n1\r", 2);
}

BOOST_AUTO_TEST_CASE(numbers) {
  check("1", 1);
  check(".5", 0.5);
  check("5.", 5);
  check("1e-3", 1e-3);
  check("1.5E+3", 1500);
  check("1e308", 1e308);
  check("5e-324", 5e-324);
  check("pi", std::numbers::pi);
  check("e", std::numbers::e);
  check("2*t", 1);
}

BOOST_AUTO_TEST_CASE(functions) {
  check("exp(x)", std::exp(0.7));
  check("log(x)", std::log(0.7));
  check("sqrt(x)", std::sqrt(0.7));
  check("abs(y)", 0.3);
  check("sin(x)", std::sin(0.7));
  check("cos(y)", std::cos(-0.3));
  check("tan(x)", std::tan(0.7));
  check("asin(x)", std::asin(0.7));
  check("acos(x)", std::acos(0.7));
  check("atan(x)", std::atan(0.7));
  check("atan2(y, x)", std::atan2(-0.3, 0.7));
  check("sinh(x)", std::sinh(0.7));
  check("cosh(x)", std::cosh(0.7));
  check("tanh(x)", std::tanh(0.7));
  check("erf(x)", std::erf(0.7));
  check("erfc(x)", std::erfc(0.7));
  check("min(x, y)", -0.3);
  check("max(x, y)", 0.7);
  check("where(x > y, 1, 2)", 1);
  check("where(x < y, 1, 2)", 2);
  check("e^x", std::exp(0.7));
  check("x^y", std::pow(0.7, -0.3));
  check("x^0.5", std::sqrt(0.7));
  check("x^-3", std::pow(0.7, -3));
}

BOOST_AUTO_TEST_CASE(values_that_are_not_finite_are_given_as_they_are) {
  BOOST_TEST(value("1/(x - 0.7)") == std::numeric_limits<double>::infinity());
  BOOST_TEST(std::isnan(value("log(y)")));
  BOOST_TEST(std::isnan(value("min(log(y), 0)")));
  BOOST_TEST(std::isnan(value("max(0, log(y))")));
  BOOST_TEST(value("where(y > 0, log(y), 3)") == 3);
  BOOST_TEST(value("exp(2000*x)") == std::numeric_limits<double>::infinity());
}

BOOST_AUTO_TEST_CASE(definitions) {
  check("beta", 10.05);
  check("-beta*x/2", -3.5175);
  check("a", 2.8);
  check("a - 2*b", 0);
}

BOOST_AUTO_TEST_CASE(dependence) {
  const Formula drift = Formula::parse("-beta*x/2", names);
  BOOST_TEST(drift.dimension() == 2U);
  BOOST_TEST(drift.depends_on_axis(0));
  BOOST_TEST(!drift.depends_on_axis(1));
  BOOST_TEST(drift.depends_on_time());
  BOOST_TEST(!drift.constant_value().has_value());
  for (const char* constant :
       {"3", "1 + 2", "x - x + 3", "3 + 0*t*y", "where(1 > 0, 3, x)", "x^0 + 2", "(x + y) - y - x + 3"})
    BOOST_TEST_CONTEXT(constant) {
      const auto found = Formula::parse(constant, names).constant_value();
      BOOST_TEST(found.has_value());
      if (found) BOOST_TEST(*found == 3);
    }
}

BOOST_AUTO_TEST_CASE(random_texts_come_back) {
  RandomFormula random(7);
  for (int i = 0; i < 2000; ++i) {
    const Formula first = Formula::parse(random.tree(random.below(5)).text(), names);
    const Formula second = Formula::parse(first.text(), names);
    const double a = first(point, moment), b = second(point, moment);
    BOOST_TEST_CONTEXT(first.text())
    BOOST_TEST(((std::isnan(a) && std::isnan(b)) || a == b || std::fabs(a - b) <= 1e-12 * std::fabs(a)));
  }
}

BOOST_AUTO_TEST_CASE(nested_definitions_do_not_explode) {
  FormulaNames nested{{"x"}, {{"d0", "sin(x + t)"}}};
  for (int i = 1; i <= 2000; ++i) {
    const std::string below = std::string("d").append(std::to_string(i - 1));
    nested.definitions[std::string("d").append(std::to_string(i))] =
        "0.5*(" + below + "*cos(x) + " + below + "/(1 + t))";
  }
  const Formula formula = Formula::parse("d60*d2000", nested);
  const std::array<double, 1> origin{0};
  // At x = 0, t = 0 each definition equals the one before, and so does d = sin(x + t)'s slope.
  BOOST_TEST(formula(origin, 0) == 0);
  BOOST_TEST(formula.derivative(0).derivative(0)(origin, 0) == 2, boost::test_tools::tolerance(1e-12));
  BOOST_CHECK_THROW(formula.text(), UnfitProblem);
}

BOOST_AUTO_TEST_CASE(sums_and_products_of_formulas) {
  const Formula x = Formula::parse("x", names), y = Formula::parse("y", names), two = Formula::constant(2, 0);
  BOOST_TEST((x + two)(point, 0) == 2.7);
  BOOST_TEST((two - y)(point, 0) == 2.3);
  BOOST_TEST((x * y)(point, 0) == 0.7 * -0.3);
  BOOST_TEST((x / y)(point, 0) == 0.7 / -0.3);
  BOOST_TEST((-x)(point, 0) == -0.7);
  BOOST_TEST((two * two).constant_value().value() == 4);
  BOOST_TEST((two * x).dimension() == 2U);
  BOOST_CHECK_THROW(x + Formula::parse("x"), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_missing_axis_is_refused) {
  const std::array<double, 1> short_point{1};
  BOOST_CHECK_THROW(Formula::parse("x + y", names)(short_point, 0), std::invalid_argument);
  BOOST_TEST(Formula::parse("x", names)(short_point, 0) == 1);
  std::vector<double> out(3);
  BOOST_CHECK_THROW(Formula::parse("x", names)(Points(2, 4), 0, out), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(reserved_names) {
  for (const char* name : {"t", "pi", "e", "exp", "where", "atan2", "erfc", "max"})
    BOOST_TEST(is_reserved_name(name));
  for (const char* name : {"x", "T", "beta", "E", "lambda", ""}) BOOST_TEST(!is_reserved_name(name));
  BOOST_CHECK_THROW(Formula::parse("x", {{"x", "t"}, {}}), std::invalid_argument);
  BOOST_CHECK_THROW(Formula::parse("x", {{"x", "x"}, {}}), std::invalid_argument);
  BOOST_CHECK_THROW(Formula::parse("x", {{"x"}, {{"x", "1"}}}), std::invalid_argument);
  BOOST_CHECK_THROW(Formula::parse("x", {{"x"}, {{"sin", "1"}}}), std::invalid_argument);
  BOOST_CHECK_THROW(Formula::parse("x", {{"2x"}, {}}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(coefficients) {
  const Coefficient number = 3.0, formula = Formula::parse("x*t", names);
  const Coefficient function = pointwise([](std::span<const double> x, double t) { return x[0] - t; });
  BOOST_TEST(number.constant_value().value() == 3);
  BOOST_TEST(number(7.0) == 3);
  BOOST_TEST(!number.depends_on_time());
  BOOST_TEST(formula(point, 2) == 1.4);
  BOOST_TEST(formula.depends_on_axis(0));
  BOOST_TEST(!formula.depends_on_axis(1));
  BOOST_TEST(function.depends_on_axis(5));
  BOOST_TEST(function.formula() == nullptr);
  const Points points(std::vector<std::vector<double>>{{1, 2, 3}, {4, 5, 6}});
  std::vector<double> out(3);
  function(points, 0.5, out);
  BOOST_TEST(out == std::vector<double>({0.5, 1.5, 2.5}), boost::test_tools::per_element());
  number(points, 0.5, out);
  BOOST_TEST(out == std::vector<double>({3, 3, 3}), boost::test_tools::per_element());
  BOOST_TEST(function(std::vector{2.0}, 0.5) == 1.5);
  const Coefficient of_time = Coefficient::Function(
      [](const Points&, double t, std::span<double> values) { std::ranges::fill(values, 2 * t); });
  BOOST_TEST(of_time(0.5) == 1);
  of_time(Points(0, 0), 0.25, out);
  BOOST_TEST(out == std::vector<double>({0.5, 0.5, 0.5}), boost::test_tools::per_element());
  BOOST_CHECK_THROW(of_time(Points(1, 2), 0.25, out), std::invalid_argument);
  BOOST_CHECK_THROW(Coefficient(Coefficient::Function()), std::invalid_argument);
  BOOST_CHECK_THROW(pointwise({}), std::invalid_argument);
  BOOST_CHECK_THROW(formula(2.0), std::invalid_argument);
}
