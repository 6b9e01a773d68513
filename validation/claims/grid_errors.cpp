// SPDX-License-Identifier: GPL-3.0-or-later
// What finite volumes say that their cells and their equal steps leave, beside closed forms and fine steps: within a factor
// of 5, both ways. Steps that follow the cells add little to the error of these.
#include "solver/kolmogorov/grid_errors.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "grids/quadrature.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/law/affine.hpp"
#include "validation/support/formula_process.hpp"
#include "validation/support/step_of_killing.hpp"

using namespace umkehr;

namespace {

struct Problem {
  const char* name;
  Process process;
  Grid grid;
  double start, stop;
};

Grid square(double half, std::size_t points) {
  return Grid({{"x", -half, half, points}, {"y", -half, half + 0.5, points + 8}});
}

std::vector<Problem> problems() {
  return {{"Ornstein-Uhlenbeck", formula_process({"-x"}, "0.5"), Grid({{"x", -4, 4, 130}}), 0, 1},
          {"in time", formula_process({"0.4 - (1 + sin(3*t))*x"}, "0.3 + 0.2*t"), Grid({{"x", -4, 4, 201}}),
           -1, 0.5},
          {"killed", formula_process({"-0.5*x"}, "1", "2*(x - 0.4)^2"), Grid({{"x", -5, 5, 160}}), 0, 1},
          {"turning", formula_process({"-0.4*x - 2*y", "2*x - 0.4*y"}, "0.5"), square(4, 64), 0, 0.7}};
}

GaussianMixture initial(const Grid& grid) {
  const auto d = static_cast<Eigen::Index>(grid.dimension());
  const Eigen::MatrixXd one = Eigen::MatrixXd::Identity(d, d);
  return GaussianMixture({{0.6, Eigen::VectorXd::Constant(d, 0.8), 0.1 * one},
                          {0.4, Eigen::VectorXd::Constant(d, -0.7), 0.2 * one}});
}

KolmogorovChoices estimated() {
  KolmogorovChoices choices;
  choices.estimates_errors = choices.follows_grid = true;
  return choices;
}

KolmogorovChoices precise() {
  KolmogorovChoices choices;
  choices.tolerance = 1e-10;
  return choices;
}

void check_claim(const std::string& what, double claimed, double error) {
  BOOST_TEST_MESSAGE(what << ": claimed " << claimed << ", true " << error);
  BOOST_TEST(claimed > error / 5);
  BOOST_TEST(claimed < 5 * error);
}

/// Relative to the largest.
double largest_relative(const std::vector<double>& a, const std::vector<double>& b) {
  double off = 0;
  for (std::size_t i = 0; i < a.size(); ++i) off = std::max(off, std::abs(a[i] - b[i]));
  return off / norm_max(b);
}

/// A value at `start` in closed form, between walls that are its own or that nothing reaches.
struct ValueProblem {
  const char* name;
  Process process;
  Grid grid;
  Formula terminal;
  double start, stop;
  std::function<double(const std::vector<double>&)> exact;
};

/// E[exp(-(X - a)^2/(2 s))] for X ~ N(mean, variance)
double mean_of_bump(double a, double s, double mean, double variance) {
  return std::sqrt(s / (s + variance)) * std::exp(-0.5 * std::pow(mean - a, 2) / (s + variance));
}

/// The slowest mode of Brownian motion that is killed beyond a, of strength K and noise D: it only decays.
ValueProblem killed_beyond(const char* name, std::size_t points, double noise, double killing) {
  const StepOfKilling mode{0.1037, killing / noise};
  return {name,
          formula_process({"0"}, noise, std::to_string(killing) + "*where(x > 0.1037, 1, 0)"),
          Grid({{"x", -1, 1, points}}),
          Formula::parse(mode.text()),
          0,
          1,
          [=](const std::vector<double>& x) { return mode(x[0]) * std::exp(-noise * mode.rate); }};
}

std::vector<ValueProblem> value_problems() {
  const double pi = std::numbers::pi;
  const FormulaNames plane{{"x", "y"}, {}};
  return {{"bump", formula_process({"0.3"}, "0.5"), Grid({{"x", -6, 6, 120}}),
           Formula::parse("exp(-(x - 0.2)^2/0.4)"), 0, 0.8,
           [](const std::vector<double>& x) { return mean_of_bump(0.2, 0.2, x[0] + 0.24, 0.4); }},
          {"bump in time", formula_process({"0.5*cos(3*t)"}, "0.3 + 0.2*t"), Grid({{"x", -5, 5, 201}}),
           Formula::parse("exp(-(x + 0.4)^2/0.2)"), -1, 0.5,
           [](const std::vector<double>& x) {
             return mean_of_bump(-0.4, 0.1, x[0] + (std::sin(1.5) + std::sin(3)) / 6, 0.45 - 0.075);
           }},
          {"sine", formula_process({"0"}, "1"), Grid({{"x", 0, 1, 64, Boundary::absorbing}}),
           Formula::parse("sin(pi*x)"), 0, 0.6,
           [=](const std::vector<double>& x) { return std::sin(pi * x[0]) * std::exp(-0.3 * pi * pi); }},
          {"plane", formula_process({"0", "0"}, "0.6"), Grid({{"x", -5, 5, 96}, {"y", 0, 1, 24}}),
           Formula::parse("exp(-x^2/0.5)*(1 + cos(pi*y))", plane), 0.2, 0.9,
           [=](const std::vector<double>& x) {
             return mean_of_bump(0, 0.25, x[0], 0.42) * (1 + std::cos(pi * x[1]) * std::exp(-0.21 * pi * pi));
           }},
          killed_beyond("killed", 100, 1, 20),
          killed_beyond("killed in a thin layer", 100, 0.05, 30),
          killed_beyond("killed at once", 60, 0.2, 1e4)};
}

}  // namespace

BOOST_AUTO_TEST_CASE(errors_of_cells_in_densities) {
  for (const Problem& p : problems()) {
    const GaussianMixture from = initial(p.grid);
    std::vector<double> exact(p.grid.size());
    AffineProcess::of(p.process)->push(from, p.start, p.stop).cell_means(p.grid, exact);
    const auto run = [&](const KolmogorovChoices& choices) {
      return solve_fokker_planck(p.process, p.grid, from, p.start, {p.stop}, choices);
    };
    const FokkerPlanckSolution loose = run(estimated()), fine = run(precise());
    const double error = relative_l1(fine.density.values(), exact);
    BOOST_TEST_REQUIRE(loose.errors.grid.has_value());
    check_claim(p.name, *loose.errors.grid, error);
    BOOST_TEST(relative_l1(loose.density.values(), fine.density.values()) < 0.1 * error);
    BOOST_TEST(loose.run.steps.size() < fine.run.steps.size());
  }
}

// Between absorbing walls, on [0, 1]: sin(pi x) exp(-pi^2 D t/2).
BOOST_AUTO_TEST_CASE(errors_of_cells_between_walls) {
  const double pi = std::numbers::pi;
  const Grid grid({{"x", 0, 1, 64, Boundary::absorbing}});
  const Process free = formula_process({"0"}, "1");
  const FokkerPlanckSolution found =
      solve_fokker_planck(free, grid, FormulaLaw{Formula::parse("sin(pi*x)")}, 0, {0.6}, estimated());
  std::vector<double> exact;
  for (std::size_t i = 0; i < 64; ++i)
    exact.push_back((std::cos(pi * grid.axis(0).face(i)) - std::cos(pi * grid.axis(0).face(i + 1))) * 32 *
                    std::exp(-pi * pi / 2 * 0.6));
  BOOST_TEST_REQUIRE(found.errors.grid.has_value());
  check_claim("sine", *found.errors.grid, relative_l1(found.density.values(), exact));
}

// Under strong killing errors change their sign from grid to grid, and two grids may agree by accident.
BOOST_AUTO_TEST_CASE(errors_of_cells_under_strong_killing) {
  KolmogorovChoices waves;
  waves.method = Method::fourier;
  const GaussianMixture from({{1, Eigen::VectorXd::Constant(1, 0.2), Eigen::MatrixXd::Constant(1, 1, 0.05)}});
  for (const char* rate : {"300*exp(-2*(x - 0.2)^2)", "1000*exp(-2*(x - 0.2)^2)", "300*exp(-3*(x + 0.1)^2)"})
    for (const std::size_t points : {160, 240, 320}) {
      const Process process = formula_process({"-x"}, "0.6", rate);
      const Grid grid({{"x", -6, 6, points}});
      const auto found = solve_fokker_planck(process, grid, from, 0.2, {1.2}, estimated()),
                 exact = solve_fokker_planck(process, grid, from, 0.2, {1.2}, waves);
      const double error = relative_l1(found.density.values(), exact.density.values());
      BOOST_TEST_REQUIRE(found.errors.grid.has_value());
      BOOST_TEST_MESSAGE(rate << ", " << points << ": claimed " << *found.errors.grid << ", true " << error);
      BOOST_TEST(*found.errors.grid > error / 5);
    }
}

BOOST_AUTO_TEST_CASE(errors_of_cells_in_values_of_which_little_is_left) {
  // J = cosh(w)^(-1/2) exp(-(w/2) tanh(w) (x - 1)^2), w = (2 K)^(1/2).
  for (const std::size_t points : {60, 240}) {
    const Grid grid({{"x", 0, 3, points}});
    const auto found = solve_backward_kolmogorov(formula_process({"0"}, "1", "1e4*(x - 1)^2"), grid,
                                                 Formula::parse("1"), 1, {0}, estimated());
    const double w = std::sqrt(2e4);
    std::vector<double> exact;
    for (const double x : grid.axis(0).centres())
      exact.push_back(std::exp(-0.5 * (w - std::log(2)) - 0.5 * w * (x - 1) * (x - 1)));
    const double error = largest_relative(found.value.values(), exact);
    BOOST_TEST_REQUIRE(found.errors.grid.has_value());
    check_claim("little left", *found.errors.grid, error);
  }
}

BOOST_AUTO_TEST_CASE(errors_of_cells_in_values) {
  for (const ValueProblem& p : value_problems()) {
    const Points centres = p.grid.centres();
    std::vector<double> exact(p.grid.size()), x(p.grid.dimension());
    for (std::size_t i = 0; i < exact.size(); ++i) {
      for (std::size_t k = 0; k < x.size(); ++k) x[k] = centres[k][i];
      exact[i] = p.exact(x);
    }
    const auto run = [&](const KolmogorovChoices& choices) {
      return solve_backward_kolmogorov(p.process, p.grid, p.terminal, p.stop, {p.start}, choices);
    };
    const BackwardKolmogorovSolution loose = run(estimated()), fine = run(precise());
    const double error = largest_relative(fine.value.values(), exact);
    BOOST_TEST_REQUIRE(loose.errors.grid.has_value());
    check_claim(p.name, *loose.errors.grid, error);
    BOOST_TEST(largest_relative(loose.value.values(), fine.value.values()) < 0.2 * error);
  }
}

BOOST_AUTO_TEST_CASE(errors_of_equal_steps) {
  for (const char* scheme : {"sdirk2", "crank-nicolson", "backward-euler"})
    for (const Problem& p : problems()) {
      const GaussianMixture from = initial(p.grid);
      std::vector<double> exact(p.grid.size());
      AffineProcess::of(p.process)->push(from, p.start, p.stop).cell_means(p.grid, exact);
      KolmogorovChoices equal = estimated();
      equal.step = (p.stop - p.start) / 40;
      equal.scheme = scheme;
      const FokkerPlanckSolution found =
                                     solve_fokker_planck(p.process, p.grid, from, p.start, {p.stop}, equal),
                                 fine = solve_fokker_planck(p.process, p.grid, from, p.start, {p.stop},
                                                            precise());
      BOOST_TEST_REQUIRE(found.errors.steps.has_value());
      check_claim(std::string(p.name) + ", " + scheme, *found.errors.steps,
                  relative_l1(found.density.values(), fine.density.values()));
      BOOST_TEST_REQUIRE(found.errors.grid.has_value());
      check_claim(std::string(p.name) + "'s cells, " + scheme, *found.errors.grid,
                  relative_l1(fine.density.values(), exact));
    }
}

BOOST_AUTO_TEST_CASE(errors_of_cells_beside_a_tolerance) {
  for (const double tolerance : {1e-3, 1e-6, 1e-9})
    for (const Problem& p : problems()) {
      const GaussianMixture from = initial(p.grid);
      std::vector<double> exact(p.grid.size());
      AffineProcess::of(p.process)->push(from, p.start, p.stop).cell_means(p.grid, exact);
      KolmogorovChoices choices;
      choices.estimates_errors = true;
      choices.tolerance = tolerance;
      const auto found = solve_fokker_planck(p.process, p.grid, from, p.start, {p.stop}, choices),
                 fine = solve_fokker_planck(p.process, p.grid, from, p.start, {p.stop}, precise());
      BOOST_TEST_REQUIRE(found.errors.grid.has_value());
      check_claim(p.name, *found.errors.grid, relative_l1(fine.density.values(), exact));
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_said_where_nothing_is_known) {
  const Process free = formula_process({"-x"}, "1");
  const auto errors = [&](std::size_t points, KolmogorovChoices choices) {
    return grid_errors(free, Grid({{"x", -4, 4, points}}), initial(Grid({{"x", -4, 4, 4}})), 0, 1, choices);
  };
  BOOST_TEST(!errors(20, estimated()).grid.has_value());
  BOOST_TEST(errors(24, estimated()).grid.has_value());
  BOOST_TEST(!errors(100, precise()).grid.has_value());
  BOOST_TEST(tolerance_for({}) == 1e-8);
  BOOST_TEST(tolerance_for(1.0) == 1e-4);
  BOOST_TEST(tolerance_for(1e-12) == 1e-8);
}
