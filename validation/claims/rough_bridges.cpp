// SPDX-License-Identifier: GPL-3.0-or-later
// Bridges whose ends jump or have kinks: D_KL(H* || G) beside Sinkhorn's iteration on Gauss's nodes between the jumps, which
// is exact to rounding, and what is called its error within a factor of 5 below. Ends that are not smooth cost no order.
#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "solver/bridge/bridge.hpp"
#include "validation/support/formula_process.hpp"

using namespace umkehr;

namespace {

struct Nodes1 {
  std::vector<double> x, mass, density;
};

/// Of a density between its jumps.
Nodes1 nodes_of(const std::vector<double>& edges, const std::function<double(double)>& density) {
  using Rule = boost::math::quadrature::gauss<double, 20>;
  Nodes1 nodes;
  const auto add = [&](double x, double weight) {
    nodes.x.push_back(x);
    nodes.density.push_back(density(x));
    nodes.mass.push_back(weight * nodes.density.back());
  };
  for (std::size_t p = 0; p + 1 < edges.size(); ++p) {
    const int parts = std::max(1, static_cast<int>(std::ceil((edges[p + 1] - edges[p]) / 0.7)));
    for (int n = 0; n < parts; ++n) {
      const double half = 0.5 * (edges[p + 1] - edges[p]) / parts, middle = edges[p] + (2 * n + 1) * half;
      for (std::size_t q = 0; q < Rule::abscissa().size(); ++q)
        for (const double side : {-1.0, 1.0})
          add(middle + side * half * Rule::abscissa()[q], half * Rule::weights()[q]);
    }
  }
  double total = 0;
  for (const double m : nodes.mass) total += m;
  for (auto* values : {&nodes.mass, &nodes.density})
    for (double& value : *values) value /= total;
  return nodes;
}

/// int P_f ln chi_f - int P_i ln chi_i of a kernel K(y | x), by plain iteration; chi_f over density at the nodes.
double divergence(const Nodes1& first, const Nodes1& last, const std::function<double(double, double)>& of) {
  const std::size_t a = first.x.size(), b = last.x.size();
  std::vector<double> kernel(a * b), phi(a), chi(b, 1);
  for (std::size_t i = 0; i < a; ++i)
    for (std::size_t k = 0; k < b; ++k) kernel[i * b + k] = of(first.x[i], last.x[k]);
  for (int n = 0; n < 3000; ++n) {
    for (std::size_t i = 0; i < a; ++i) {
      phi[i] = 0;
      for (std::size_t k = 0; k < b; ++k)
        phi[i] += kernel[i * b + k] * chi[k] * last.mass[k] / last.density[k];
    }
    for (std::size_t k = 0; k < b; ++k) {
      double hat = 0;
      for (std::size_t i = 0; i < a; ++i) hat += kernel[i * b + k] * first.mass[i] / phi[i];
      chi[k] = last.density[k] / hat;
    }
  }
  double sum = 0;
  for (std::size_t k = 0; k < b; ++k) sum += last.mass[k] * std::log(chi[k]);
  for (std::size_t i = 0; i < a; ++i) {
    double image = 0;
    for (std::size_t k = 0; k < b; ++k) image += kernel[i * b + k] * chi[k] * last.mass[k] / last.density[k];
    sum -= first.mass[i] * std::log(image);
  }
  return sum;
}

/// The kernel of Brownian motion of D = 0.6 and drift 0.5 over half a unit of time between absorbing walls at -1 and 1.
double killed_kernel(double x, double y) {
  double sum = 0;
  for (int n = 1; n < 40; ++n) {
    const double k = n * std::numbers::pi / 2;
    sum += std::sin(k * (x + 1)) * std::sin(k * (y + 1)) * std::exp(-0.5 * k * k * 0.6 * 0.5);
  }
  return sum * std::exp(0.5 * (y - x) / 0.6 - 0.5 * 0.25 * 0.5 / 0.6);
}

struct End {
  std::string text;
  std::vector<double> edges;
  std::function<double(double)> density;
};

struct Problem {
  const char* name;
  double beta, noise, start, stop;
  End initial, final;
};

std::vector<Problem> problems() {
  const auto one = [](double) { return 1.0; };
  return {
      {"box to box",
       1,
       0.8,
       0,
       1,
       {"where(abs(x - 0.113) < 0.77, 1, 0)", {-0.657, 0.883}, one},
       {"where(x > 0.31, 1, 0)*where(x < 1.7, 1, 0)", {0.31, 1.7}, one}},
      {"Gaussian to ramp",
       0.5,
       1,
       -1,
       0,
       {"exp(-(x + 1)^2)", {-5, 5}, [](double x) { return std::exp(-(x + 1) * (x + 1)); }},
       {"where(abs(x - 1) < 0.71, 1 + x, 0)", {0.29, 1.71}, [](double x) { return 1 + x; }}},
      {"step to kink",
       1,
       0.6,
       0.2,
       0.7,
       {"where(x > 0.137, 3, 1)*exp(-2*x^2)",
        {-5, 0.137, 5},
        [](double x) { return (x > 0.137 ? 3 : 1) * std::exp(-2 * x * x); }},
       {"exp(-3*abs(x - 0.4))", {-5, 0.4, 5}, [](double x) { return std::exp(-3 * std::abs(x - 0.4)); }}}};
}

Bridge solved(const Problem& problem, std::size_t points, const BridgeChoices& choices) {
  const Process process =
      formula_process({std::to_string(-problem.beta) + "*x"}, std::to_string(problem.noise));
  return solve_bridge(process, Grid({{"x", -5, 5, points}}), FormulaLaw{Formula::parse(problem.initial.text)},
                      FormulaLaw{Formula::parse(problem.final.text)}, problem.start, problem.stop,
                      {problem.start, problem.stop}, choices);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_divergence_and_its_error) {
  BridgeChoices cells;
  cells.method = BridgeMethod::propagator;
  cells.propagator = PropagatorMethod::finite_volume;
  for (const Problem& problem : problems()) {
    const double m = std::exp(-problem.beta * (problem.stop - problem.start)),
                 variance = problem.noise * (1 - m * m) / (2 * problem.beta);
    const auto normal = [&](double x, double y) {
      return std::exp(-std::pow(y - m * x, 2) / (2 * variance)) / std::sqrt(2 * std::numbers::pi * variance);
    };
    const double exact = divergence(nodes_of(problem.initial.edges, problem.initial.density),
                                    nodes_of(problem.final.edges, problem.final.density), normal);
    for (const std::size_t points : {60, 120}) {
      const Bridge closed = solved(problem, points, {}), by_cells = solved(problem, points, cells);
      const double off = std::abs(closed.divergence - exact),
                   off_cells = std::abs(by_cells.divergence - exact);
      BOOST_TEST_MESSAGE(problem.name << ", " << points << ": " << exact << ", closed form off by " << off
                                      << ", claimed " << closed.divergence_error << "; cells " << off_cells
                                      << ", claimed " << by_cells.divergence_error);
      BOOST_TEST(off < (points == 60 ? 5e-6 : 1e-6));
      BOOST_TEST(closed.divergence_error > off / 5);
      BOOST_TEST(closed.divergence_error < 1e-4);
      BOOST_TEST(by_cells.divergence_error > off_cells / 5);
      BOOST_TEST(by_cells.divergence_error < 5 * off_cells);
      BOOST_TEST(closed.action_error > std::abs(closed.action - exact) / 5);
      BOOST_TEST(by_cells.action_error > std::abs(by_cells.action - exact) / 5);
    }
  }
}

BOOST_AUTO_TEST_CASE(kinks_of_the_process) {
  // Killed at the rate 4 |x| with the kink on a face: 1.5790716 by Sinkhorn's iteration on extrapolated generators of 200 to 800
  // cells, elsewhere.
  BridgeChoices slices;
  slices.method = BridgeMethod::propagator;
  slices.propagator = PropagatorMethod::sliced;
  const auto normal = [](double mean, double variance) {
    return GaussianMixture(
        {{1, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)}});
  };
  for (const std::size_t points : {100, 200}) {
    const Bridge bridge =
        solve_bridge(formula_process({"-x"}, "0.5", "4*abs(x)"), Grid({{"x", -4, 4, points}}),
                     normal(0.5, 0.1), normal(0.2, 0.15), 1, 2, {1, 2}, slices);
    const double off = std::abs(bridge.divergence - 1.5790716);
    BOOST_TEST_MESSAGE("kink, " << points << ": off by " << off << ", claimed " << bridge.divergence_error);
    BOOST_TEST(bridge.divergence_error > off / 5);
    BOOST_TEST(bridge.divergence_error < 5 * off);
    BOOST_TEST(bridge.action_error > std::abs(bridge.action - 1.5790716) / 5);
  }
}

// Ends that do not vanish where walls absorb, at which both are of order 1.
BOOST_AUTO_TEST_CASE(ends_at_absorbing_walls) {
  const auto parabola = [](double x) { return 1.3 - x * x; };
  const double exact =
      divergence(nodes_of({-1, 1}, [](double) { return 1.0; }), nodes_of({-1, 1}, parabola), killed_kernel);
  const Process process = formula_process({"0.5"}, 0.6);
  for (const PropagatorMethod propagator : {PropagatorMethod::sliced, PropagatorMethod::finite_volume})
    for (const std::size_t points : {60, 120}) {
      BridgeChoices choices;
      choices.method = BridgeMethod::propagator;
      choices.propagator = propagator;
      const Bridge bridge = solve_bridge(process, Grid({{"x", -1, 1, points, Boundary::absorbing}}),
                                         FormulaLaw{Formula::parse("1")},
                                         FormulaLaw{Formula::parse("1.3-x^2")}, 0, 0.5, {0, 0.5}, choices);
      const double off = std::abs(bridge.divergence - exact);
      BOOST_TEST_MESSAGE(points << " points: off by " << off << ", claimed " << bridge.divergence_error);
      BOOST_TEST(bridge.divergence_error > off / 2);
      BOOST_TEST(bridge.divergence_error < off * 2);
      BOOST_TEST(bridge.action_error > std::abs(bridge.action - exact) / 2);
    }
}

BOOST_AUTO_TEST_CASE(ends_at_reflecting_walls_are_left_to_finite_volumes) {
  // Slices know no reflecting wall. Under Brownian motion the uniform law stays as it is, and nothing steers.
  const Grid grid({{"x", 0, 1, 60}});
  const FormulaLaw uniform{Formula::parse("1")};
  BridgeChoices usual;
  usual.method = BridgeMethod::propagator;
  for (const double noise : {0.05, 1.0}) {
    const Bridge bridge =
        solve_bridge(formula_process({"0"}, noise), grid, uniform, uniform, 0.3, 1.1, {0.3, 0.6, 1.1}, usual);
    for (std::size_t n = 0; n < 3; ++n)
      for (const double density : bridge.density[n]) BOOST_TEST(std::abs(density - 1) < 1e-10);
    BOOST_TEST(std::abs(bridge.action) < 1e-10);
  }
  const Process free = formula_process({"0"}, 0.1);
  const GaussianMixture inside(
      {{1, Eigen::VectorXd::Constant(1, 0.5), Eigen::MatrixXd::Constant(1, 1, 0.004)}});
  BOOST_TEST((usual_propagator(free, grid, inside, inside, 0, 1) == PropagatorMethod::sliced));
  BOOST_TEST((usual_propagator(free, grid, inside, uniform, 0, 1) == PropagatorMethod::finite_volume));
}
