// SPDX-License-Identifier: GPL-3.0-or-later
// The action (3.21), its form by parts (3.22) and its stationarity (3.23), off the solution and at it.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "grids/quadrature.hpp"
#include "solver/action/action.hpp"

using namespace umkehr;

namespace {

Formula formula(const std::string& text, const std::vector<std::string>& axes = {"x"}) {
  return Formula::parse(text, {axes, {{"m", "-1 + 2*t + 0.3*sin(pi*t)"}, {"v", "0.3 + 0.2*t"}}});
}

/// The case of the audit: fields that solve nothing.
struct OffSolution {
  Process process{{formula("-x")}, {formula("1 + 0.5*t")}, formula("0.4*x^2"), {}};
  ActionFields fields{formula("sin(x + t) + 0.3*x^2*(1 + t)"),
                      formula("exp(-(x - m)^2/(2*v))/sqrt(2*pi*v)"),
                      {formula("0.5*x + t")}};
  Grid grid{{{"x", -9, 10, 400}}};
};

struct Plane {
  std::vector<std::string> xy = {"x", "y"};
  Process process{{formula("y - x^3", xy), formula("sin(x) + t*y", xy)},
                  {formula("1 + t^2", xy), formula("0.3 + 0.1*t", xy)},
                  formula("x*y - 0.2*t", xy),
                  {}};
  ActionFields fields{formula("x^2*y + cos(y - t)", xy),
                      formula("exp(-(x - t)^2 - (y + x/2)^2*(1 + t))*(1 + 0.5*sin(x))", xy),
                      {formula("x*t - y", xy), formula("cos(x*y)", xy)}};
  Grid grid{{{"x", -8, 9, 120}, {"y", -11, 11, 140}}};
};

Coefficient moved(const Coefficient& f, double by, const Formula& along) {
  return *f.formula() + Formula::constant(by, along.dimension()) * along;
}

double derivative_along(const OffSolution& c, char field, const Formula& direction) {
  const double h = 1e-3;
  const auto at = [&](double by) {
    ActionFields fields = c.fields;
    if (field == 'l') fields.cost_to_go = moved(fields.cost_to_go, by, direction);
    if (field == 'P') fields.density = moved(fields.density, by, direction);
    if (field == 'u') fields.control[0] = moved(fields.control[0], by, direction);
    return action(c.process, fields, c.grid, 0, 1);
  };
  // The action is of second degree in each field: central differences are exact.
  return (at(h) - at(-h)) / (2 * h);
}

/// int dt int residual direction
double paired(const OffSolution& c, char field, const Formula& direction) {
  const auto rate = [&](double t) {
    const Stationarity s = stationarity(c.process, c.fields, c.grid, t);
    std::vector<double> along(c.grid.size());
    direction(c.grid.centres(), t, along);
    const std::vector<double>& residual = field == 'l' ? s.forward : field == 'P' ? s.backward : s.control[0];
    for (std::size_t i = 0; i < along.size(); ++i) along[i] *= residual[i];
    return std::vector<double>{integral(c.grid, along)};
  };
  return integrate(rate, 0, 1).value[0];
}

}  // namespace

BOOST_AUTO_TEST_CASE(off_the_solution_both_forms_are_what_the_audit_says) {
  const OffSolution c;
  BOOST_TEST(std::abs(action_by_parts(c.process, c.fields, c.grid, 0, 1) + 0.200186658728) < 1e-11);
  BOOST_TEST(std::abs(action(c.process, c.fields, c.grid, 0, 1) + 0.200186658728) < 1e-11);
  BOOST_TEST(std::abs(action(c.process, c.fields, c.grid, 0, 1, BoundarySign::printed) - 3.684658014494) <
             1e-11);
}

BOOST_AUTO_TEST_CASE(both_forms_agree_in_two_dimensions_and_the_printed_sign_does_not) {
  const Plane c;
  const double corrected = action(c.process, c.fields, c.grid, 0.2, 1.1);
  BOOST_TEST(std::abs(corrected - action_by_parts(c.process, c.fields, c.grid, 0.2, 1.1)) <
             1e-10 * std::abs(corrected));
  BOOST_TEST(std::abs(action(c.process, c.fields, c.grid, 0.2, 1.1, BoundarySign::printed) - corrected) >
             0.1);
}

BOOST_AUTO_TEST_CASE(functions_are_as_good_as_formulas) {
  OffSolution c;
  const double exact = action(c.process, c.fields, c.grid, 0, 1);
  for (Coefficient* field : {&c.fields.cost_to_go, &c.fields.density, &c.fields.control[0]})
    *field = pointwise([f = *field](std::span<const double> x, double t) { return f(x, t); });
  BOOST_TEST(std::abs(action(c.process, c.fields, c.grid, 0, 1) - exact) < 1e-9);
  BOOST_TEST(std::abs(action_by_parts(c.process, c.fields, c.grid, 0, 1) - exact) < 1e-9);
}

BOOST_AUTO_TEST_CASE(residuals_are_the_derivatives_of_the_action) {
  const OffSolution c;
  // Directions that vanish at both ends where the boundary term is held: of P by (3.23b), of lambda by P(t_i) = P_i.
  const Formula of_density = formula("exp(-x^2)*sin(2*x)*t*(1 - t)"),
                of_cost = formula("cos(x)*exp(-t)*t*(1 - t)");
  const Formula of_control = formula("sin(x) + t");
  for (const auto& [field, direction] :
       {std::pair{'P', of_density}, std::pair{'l', of_cost}, std::pair{'u', of_control}}) {
    const double expected = paired(c, field, direction);
    BOOST_TEST(std::abs(expected) > 1e-3);
    BOOST_TEST(std::abs(derivative_along(c, field, direction) - expected) < 1e-10);
  }
}

BOOST_AUTO_TEST_CASE(the_corrected_sign_is_stationary_in_lambda_at_the_ends_too) {
  // A diffusing Gaussian, lambda = 0 = u: P solves (3.23a), so that no change of lambda changes the action.
  const Process process{{0.0}, {1.0}, 0.0, {}};
  const Grid grid{{{"x", -14, 14, 300}}};
  const Formula density = formula("exp(-x^2/(2*(1 + t)))/sqrt(2*pi*(1 + t))"),
                change = formula("sin(x)*x*(1 + t)");
  const ActionFields fields{change, density, {Coefficient(0.0)}};
  BOOST_TEST(std::abs(action(process, fields, grid, 0, 1)) < 1e-12);
  BOOST_TEST(std::abs(action(process, fields, grid, 0, 1, BoundarySign::printed)) > 0.1);
}

BOOST_AUTO_TEST_CASE(the_control_terms_are_all_that_a_control_changes) {
  const OffSolution c;
  ActionFields other = c.fields;
  other.control[0] = formula("cos(x) - x*t");
  const auto rate = [&](double t) {
    std::vector<double> difference(c.grid.size());
    for (std::size_t i = 0; i < difference.size(); ++i) {
      const std::vector<double> x = {c.grid.axis(0).centre(i)}, diffusion = {c.process.diffusion[0](t)};
      const std::vector<double> slope = {std::cos(x[0] + t) + 0.6 * x[0] * (1 + t)};
      const std::vector<double> u = {c.fields.control[0](x, t)}, v = {other.control[0](x, t)};
      difference[i] =
          c.fields.density(x, t) * (control_terms(v, diffusion, slope) - control_terms(u, diffusion, slope));
    }
    return std::vector<double>{integral(c.grid, difference)};
  };
  const double exact = action(c.process, other, c.grid, 0, 1) - action(c.process, c.fields, c.grid, 0, 1);
  BOOST_TEST(std::abs(integrate(rate, 0, 1).value[0] - exact) < 1e-10);
}

BOOST_AUTO_TEST_CASE(dimensions_that_differ_are_refused) {
  const OffSolution c;
  const Plane plane;
  BOOST_CHECK_THROW(action(c.process, c.fields, plane.grid, 0, 1), std::invalid_argument);
  BOOST_CHECK_THROW(stationarity(plane.process, c.fields, plane.grid, 0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(killing_costs_what_it_costs_along_the_best_control) {
  // F = -x, D = 2, V = 2 x^2: lambda = x^2/2 + stop - t, u = -2x, and P the stationary law of variance 1/3, of which the
  // control costs a third an hour and the killing two.
  const double stop = 1.7;
  const Process process{{formula("-x")}, {2.0}, formula("2*x^2"), {}};
  const ActionFields best{
      formula("x^2/2 + 1.7 - t"), formula("exp(-1.5*x^2)*sqrt(1.5/pi)"), {formula("-2*x")}};
  const Grid grid{{{"x", -6, 6, 200}}};
  BOOST_TEST(std::abs(action(process, best, grid, 0, stop) - stop) < 1e-12);
  BOOST_TEST(std::abs(action_by_parts(process, best, grid, 0, stop) - stop) < 1e-12);
  for (const double residual : stationarity(process, best, grid, 0.3).backward)
    BOOST_REQUIRE_SMALL(residual, 1e-11);
}
