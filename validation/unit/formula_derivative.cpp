// SPDX-License-Identifier: GPL-3.0-or-later
// Values and exact derivatives of random formulas against complex steps, and derivatives that are known by heart.
#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "solver/process/formula/formula.hpp"
#include "validation/support/random_formula.hpp"

using namespace umkehr;

namespace {

const FormulaNames names{{"x", "y"}, {{"beta", "0.1 + 19.9*t"}}};

template <class Real>
using Step = std::array<std::complex<Real>, 3>;

constexpr double width = 1e-40;

// A complex step from the point along one variable.
template <class Real>
Step<Real> step(std::array<double, 3> point, std::size_t variable) {
  Step<Real> xyt;
  for (std::size_t k = 0; k < 3; ++k) xyt[k] = static_cast<Real>(point[k]);
  xyt[variable] += std::complex<Real>(0, static_cast<Real>(width));
  return xyt;
}

template <class Real>
std::complex<Real> value_and_slope(const Tree& tree, const Step<Real>& xyt) {
  const std::complex<Real> value = tree.at(xyt);
  return {value.real(), value.imag() / static_cast<Real>(width)};
}

// A hundred thousand times what rounding does to the reference, which differs between double and long double.
bool agrees(double value, double coarse, long double fine) {
  const double exact = static_cast<double>(fine);
  return std::fabs(value - exact) <= 1e-10 * (1 + std::fabs(exact)) + 1e5 * std::fabs(coarse - exact);
}

struct Counts {
  int values = 0, slopes = 0;
};

void compare(const Tree& tree, std::array<double, 3> point, Counts& counts) {
  const Formula formula = Formula::parse(tree.text(), names);
  const std::array<Formula, 3> slopes{formula.derivative(0), formula.derivative(1),
                                      formula.time_derivative()};
  const std::array<double, 2> xy{point[0], point[1]};
  for (std::size_t k = 0; k < 3; ++k) {
    const auto near = step<double>(point, k);
    const auto coarse = value_and_slope(tree, near);
    const auto fine = value_and_slope(tree, step<long double>(point, k));
    if (!tree.is_regular(near) || std::fabs(fine.real()) > 1e6L || std::fabs(fine.imag()) > 1e6L) continue;
    if (!agrees(formula(xy, point[2]), coarse.real(), fine.real())) RC_FAIL("value of " + tree.text());
    ++counts.values;
    if (!agrees(slopes[k](xy, point[2]), coarse.imag(), fine.imag()))
      RC_FAIL("derivative " + std::to_string(k) + " of " + tree.text() + " = " + slopes[k].text());
    ++counts.slopes;
  }
}

std::string slope(const char* text) {
  return Formula::parse(text, names).derivative(0).text();
}

}  // namespace

// The same formulas in every run, unless RC_PARAMS asks for others.
struct FixedSeed {
  FixedSeed() { ::setenv("RC_PARAMS", "seed=20", 0); }
};
BOOST_TEST_GLOBAL_FIXTURE(FixedSeed);

BOOST_AUTO_TEST_CASE(random_formulas_agree_with_complex_steps) {
  Counts counts;
  BOOST_TEST(rc::check("values and derivatives", [&counts] {
    RandomFormula random(*rc::gen::arbitrary<std::uint64_t>());
    for (int i = 0; i < 30; ++i) {
      const Tree tree = random.tree(2 + random.below(3));
      compare(tree, {random.uniform(-1.5, 1.5), random.uniform(-1.5, 1.5), random.uniform(0.1, 1)}, counts);
    }
  }));
  BOOST_TEST(counts.values >= 3000);
  BOOST_TEST(counts.slopes >= 3000);
}

BOOST_AUTO_TEST_CASE(derivatives_known_by_heart) {
  BOOST_TEST(slope("x^3") == "3*x^2");
  BOOST_TEST(slope("sin(3*x)") == "3*cos(3*x)");
  BOOST_TEST(slope("log(x)") == "1/x");
  BOOST_TEST(slope("exp(-x)") == "-exp(-x)");
  BOOST_TEST(slope("x^4/4 - x^2/2") == "x^3 - x");
  BOOST_TEST(slope("y") == "0");
}

BOOST_AUTO_TEST_CASE(an_affine_drift_is_seen_to_be_affine) {
  for (const char* text : {"-beta*x/2", "-(x - 3)*t/(1 + t)", "(x + 2)*(t - y) + x/3", "x*(1 + x) - x^2",
                           "(x + x)*beta/7", "2*(x - beta*(x + 1))", "(x + 1)^2 - x^2"}) {
    const Formula first = Formula::parse(text, names).derivative(0);
    BOOST_TEST_CONTEXT(text << " has the slope " << first.text()) {
      const auto second = first.derivative(0).constant_value();
      BOOST_TEST(second.has_value());
      if (second) BOOST_TEST(*second == 0);
    }
  }
  BOOST_TEST(!Formula::parse("-beta*x/2", names).derivative(0).depends_on_axis(0));
  BOOST_TEST(Formula::parse("-beta*x/2", names).derivative(0).depends_on_time());
}

BOOST_AUTO_TEST_CASE(slopes_at_zero) {
  const std::array<double, 2> origin{0, 0};
  const auto at_origin = [&](const char* text) {
    return Formula::parse(text, names).derivative(0)(origin, 2);
  };
  BOOST_TEST(at_origin("x^3") == 0);
  BOOST_TEST(at_origin("x^t") == 0);
  BOOST_TEST(at_origin("abs(x)") == 0);
  BOOST_TEST(at_origin("where(x > 1, log(x), x)") == 1);
  BOOST_TEST(Formula::parse("x^t", names).time_derivative()(origin, 2) == 0);
}
