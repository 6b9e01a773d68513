// SPDX-License-Identifier: GPL-3.0-or-later
#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "solver/process/formula/formula.hpp"
#include "validation/support/random_formula.hpp"

using namespace umkehr;

namespace {

const FormulaNames names{{"x", "y"}, {}};

std::size_t terms(const char* text, std::size_t most = 16) {
  const auto products = Formula::parse(text, names).separate(most);
  return products ? products->size() : 0;
}

// Sums, products and quotients of functions of one variable each.
Tree separable(RandomFormula& random, std::size_t depth) {
  static const std::vector<std::string> functions{"sin", "cos", "tanh", "atan", "-", "abs"};
  if (depth == 0) return {random.one_of(functions), {{random.one_of({"x", "y", "t", "0.7"}), {}}}};
  if (random.below(6) == 0) return {"^", {separable(random, depth - 1), {random.one_of({"2", "3"}), {}}}};
  if (random.below(8) == 0)
    return {"/", {separable(random, depth - 1), {"cosh", {{random.one_of({"x", "t"}), {}}}}}};
  return {random.one_of({"+", "-", "*"}), {separable(random, depth - 1), separable(random, depth - 1)}};
}

void compare(const Formula& formula, const std::vector<Formula::Product>& products, std::array<double, 2> x,
             double t) {
  double sum = 0, size = 0;
  for (const auto& product : products) {
    double term = product.time_factor.at(0)(x, t);
    for (const Formula& factor : product.axis_factors) term *= factor(x, t);
    sum += term;
    size += std::fabs(term);
  }
  if (!(std::fabs(sum - formula(x, t)) <= 1e-13 * size)) RC_FAIL(formula.text());
}

void check_variables(const std::vector<Formula::Product>& products) {
  for (const auto& product : products) {
    RC_ASSERT(product.time_factor.size() == 1U);
    RC_ASSERT(product.axis_factors.size() == 2U);
    const Formula &time = product.time_factor[0], &x = product.axis_factors[0], &y = product.axis_factors[1];
    RC_ASSERT(!time.depends_on_axis(0) && !time.depends_on_axis(1));
    RC_ASSERT(!x.depends_on_time() && !x.depends_on_axis(1));
    RC_ASSERT(!y.depends_on_time() && !y.depends_on_axis(0));
  }
}

}  // namespace

// The same formulas in every run, unless RC_PARAMS asks for others.
struct FixedSeed {
  FixedSeed() { ::setenv("RC_PARAMS", "seed=20", 0); }
};
BOOST_TEST_GLOBAL_FIXTURE(FixedSeed);

BOOST_AUTO_TEST_CASE(the_sum_of_products_is_the_formula) {
  int separated = 0;
  BOOST_TEST(rc::check("separate", [&separated] {
    RandomFormula random(*rc::gen::arbitrary<std::uint64_t>());
    for (int i = 0; i < 20; ++i) {
      const Formula formula = Formula::parse(separable(random, random.below(5)).text(), names);
      const auto products = formula.separate();
      if (!products) continue;
      RC_ASSERT(products->size() <= 16U);
      check_variables(*products);
      for (int k = 0; k < 3; ++k)
        compare(formula, *products, {random.uniform(-2, 2), random.uniform(-2, 2)}, random.uniform(0, 2));
      ++separated;
    }
  }));
  BOOST_TEST(separated > 1000);
}

BOOST_AUTO_TEST_CASE(numbers_of_products) {
  BOOST_TEST(terms("-(0.1 + 19.9*t)*x/2") == 1U);
  BOOST_TEST(terms("x - x^3") == 1U);
  BOOST_TEST(terms("x*t + x") == 1U);
  BOOST_TEST(terms("(x + y)^2") == 3U);
  BOOST_TEST(terms("t*x*(1 + y) - sin(x)/(1 + y^2)") == 2U);
  BOOST_TEST(terms("(x + y + t)*(x - y)") == 4U);
}

BOOST_AUTO_TEST_CASE(what_is_not_separable) {
  for (const char* text :
       {"sin(x + t)", "where(x > t, 1, 0)", "x/(x + y)", "(x + y)^-1", "max(x, y)", "(x*y)^0.5"})
    BOOST_TEST_CONTEXT(text) BOOST_TEST(terms(text) == 0U);
  BOOST_TEST(terms("(x + y)^4", 5) == 5U);
  BOOST_TEST(terms("(x + y)^4", 4) == 0U);
}
