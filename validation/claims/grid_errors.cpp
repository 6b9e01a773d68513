// SPDX-License-Identifier: GPL-3.0-or-later
// What finite volumes say that their cells and their equal steps leave, beside closed forms and fine steps: within a factor
// of 5, both ways. Steps that follow the cells add little to the error of these.
#include "solver/kolmogorov/grid_errors.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "grids/quadrature.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/law/affine.hpp"
#include "solver/law/affine_value.hpp"
#include "validation/support/formula_process.hpp"

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
  choices.estimates_errors = true;
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

double middle_relative(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> all;
  for (std::size_t i = 0; i < a.size(); ++i) all.push_back(std::abs(a[i] / b[i] - 1));
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
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

BOOST_AUTO_TEST_CASE(errors_of_cells_in_values) {
  const Formula line = Formula::parse("1 + x^2"),
                plane = Formula::parse("1 + (x + 0.5*y)^2", {{"x", "y"}, {}});
  for (const Problem& p : problems()) {
    const Formula& terminal = p.grid.dimension() == 1 ? line : plane;
    std::vector<double> exact(p.grid.size());
    affine_value(*AffineProcess::of(p.process), terminal, p.start, p.stop, p.grid.centres(), exact);
    const auto run = [&](const KolmogorovChoices& choices) {
      return solve_backward_kolmogorov(p.process, p.grid, terminal, p.stop, {p.start}, choices);
    };
    const BackwardKolmogorovSolution loose = run(estimated()), fine = run(precise());
    const double error = middle_relative(fine.value.values(), exact);
    BOOST_TEST_REQUIRE(loose.errors.grid.has_value());
    check_claim(p.name, *loose.errors.grid, error);
    BOOST_TEST(middle_relative(loose.value.values(), fine.value.values()) < 0.2 * error);
  }
}

BOOST_AUTO_TEST_CASE(errors_of_equal_steps) {
  for (const char* scheme : {"sdirk2", "crank-nicolson", "backward-euler"})
    for (const Problem& p : problems()) {
      const GaussianMixture from = initial(p.grid);
      KolmogorovChoices equal = estimated();
      equal.step = (p.stop - p.start) / 40;
      equal.scheme = scheme;
      const FokkerPlanckSolution found =
                                     solve_fokker_planck(p.process, p.grid, from, p.start, {p.stop}, equal),
                                 fine = solve_fokker_planck(p.process, p.grid, from, p.start, {p.stop},
                                                            precise());
      BOOST_TEST_REQUIRE(found.errors.steps.has_value());
      BOOST_TEST(!found.errors.grid.has_value());
      check_claim(std::string(p.name) + ", " + scheme, *found.errors.steps,
                  relative_l1(found.density.values(), fine.density.values()));
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
