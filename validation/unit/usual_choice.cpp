// SPDX-License-Identifier: GPL-3.0-or-later
// What is taken where nobody chose: the symmetrised scheme where it reaches the problem, seen by its distance from closed
// forms, and finite volumes where walls, kinks, cells or dimensions forbid it.
#include "solver/kolmogorov/usual_choice.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "grids/quadrature.hpp"
#include "solver/hjb/hjb.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/law/affine.hpp"

using namespace umkehr;

namespace {

Process line(const std::string& drift, const std::string& diffusion, const std::string& killing = "0") {
  return {{Formula::parse(drift)}, {Formula::parse(diffusion)}, Formula::parse(killing), {}};
}

GaussianMixture gaussian(double mean, double variance) {
  return GaussianMixture(
      {{1, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)}});
}

Grid axis(double from, double to, std::size_t points, Boundary boundary = Boundary::reflecting) {
  return Grid({{"x", from, to, points, boundary}});
}

Method taken(const Process& process, const Grid& grid, const Law& law, double stop = 1) {
  const UsualChoice choice = usual_choice(process, grid, law, 0, stop);
  BOOST_TEST_MESSAGE(choice.scheme << ": " << choice.reason);
  BOOST_TEST(!choice.reason.empty());
  return choice.method;
}

}  // namespace

BOOST_AUTO_TEST_CASE(affine_processes_are_solved_to_ten_digits) {
  const std::vector<Process> processes = {line("-(0.1+19.9*t)*x/2", "0.1+19.9*t"), line("0.5-x", "0.8"),
                                          line("-0.5*x", "1", "0.6*x^2")};
  for (const Process& process : processes) {
    const Grid grid = axis(-8, 8, 128);
    const GaussianMixture from = gaussian(-0.7, 0.2);
    BOOST_TEST_REQUIRE((taken(process, grid, from) == Method::fourier));
    KolmogorovChoices choices;
    choices.method = Method::fourier;
    choices.scheme = "symmetrised";
    const FokkerPlanckSolution found = solve_fokker_planck(process, grid, from, 0, {0.3, 1}, choices);
    for (std::size_t n = 0; n < 2; ++n) {
      std::vector<double> exact(grid.size());
      AffineProcess::of(process)->push(from, 0, found.density.times()[n]).density(grid.centres(), exact);
      BOOST_TEST(relative_l1(found.density[n], exact) < 1e-10);
    }
  }
}

BOOST_AUTO_TEST_CASE(finite_volumes_take_what_the_scheme_cannot) {
  const Process trap = line("-x", "0.8");
  const Law narrow = gaussian(0.4, 0.1);
  BOOST_TEST((taken(trap, axis(-8, 8, 128), narrow) == Method::fourier));
  BOOST_TEST((taken(trap, axis(-1, 1, 64), narrow) == Method::finite_volume));  // walls are reached
  // A hundred-billionth of the maximum at the walls is resolved, and is what bounds of 1e-12 are for.
  BOOST_TEST((taken(trap, axis(-4.5, 4.5, 128), narrow, 5) == Method::finite_volume));
  BOOST_TEST((taken(line("0.5", "1"), axis(-3, 3, 64), narrow) == Method::finite_volume));
  BOOST_TEST((taken(trap, axis(-8, 8, 128, Boundary::absorbing), narrow) == Method::finite_volume));
  BOOST_TEST((taken(trap, axis(-8, 8, 20), narrow) == Method::finite_volume));  // not resolved
  BOOST_TEST((taken(trap, axis(-8, 8, 128), gaussian(0.4, 1e-3)) == Method::finite_volume));
  BOOST_TEST((taken(trap, axis(-8, 8, 128), gaussian(0.4, 4)) == Method::finite_volume));  // too far up
  BOOST_TEST((taken(trap, axis(-8, 8, 128), gaussian(0.4, 0)) == Method::finite_volume));
  BOOST_TEST((taken(line("-abs(x)", "1"), axis(-8, 8, 128), narrow) == Method::finite_volume));
  BOOST_TEST((taken(line("-x*(1 + t)", "1"), axis(-8, 8, 128), narrow) == Method::finite_volume));
  BOOST_TEST((taken(line("-x", "1", "-x^2/9"), axis(-8, 8, 128), narrow) == Method::finite_volume));
  BOOST_TEST((taken(line("-x", "1"), axis(-8, 8, 128), FormulaLaw{Formula::parse("where(abs(x)<1,1,0)")}) ==
              Method::finite_volume));
  BOOST_TEST((taken(trap, axis(-8, 8, 2000), narrow) == Method::finite_volume));
}

BOOST_AUTO_TEST_CASE(fourier_steps_while_they_are_few) {
  const Law law = gaussian(0.2, 0.02);
  const auto scheme = [&](const std::string& drift) {
    return usual_fourier_choice(line(drift, "0.8"), axis(-2, 2, 256), law, 0, 4).scheme;
  };
  BOOST_TEST(scheme("-x") == "lawson");
  BOOST_TEST(scheme("-10*x^3") == "symmetrised");
  BOOST_TEST(scheme("-10*x^3*(1 + t)") == "lawson");  // it has no choice
}

/// u = -D d lambda has a kink where the drift has, which no series resolves: lambda beside the value of E[exp(-lambda_1)].
BOOST_AUTO_TEST_CASE(control_across_kinks_is_left_to_differences) {
  const Grid grid = axis(-4, 4, 256);
  BOOST_TEST((usual_hjb_method(line("-x^3", "0.7"), grid, 0) == HjbMethod::log_transform));
  BOOST_TEST(
      (usual_hjb_method(line("-x", "0.7", "where(x > 0.3, 1, 0)"), grid, 0) == HjbMethod::finite_difference));
  const Process kinked = line("-abs(x)", "0.7");
  HjbChoices choices;
  choices.method = usual_hjb_method(kinked, grid, 0);
  choices.tolerance = 1e-5;
  const HjbSolution solution = solve_hjb(kinked, grid, Formula::parse("x^2"), 0.5, {0}, choices);
  const auto value = solve_backward_kolmogorov(kinked, grid, Formula::parse("exp(-x^2)"), 0.5, {0});
  for (std::size_t i = 64; i < 192; ++i)
    BOOST_TEST(std::abs(solution.value[0][i] + std::log(value.value[0][i])) < 2e-3);
}
