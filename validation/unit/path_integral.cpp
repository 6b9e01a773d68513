// SPDX-License-Identifier: GPL-3.0-or-later
// What path integrals keep, for processes drawn at random in one to three dimensions: <P, J> and the ledger of mass; how
// point masses begin; that neither threads nor what was computed before change a bit.
#include "solver/path_integral/path_integral.hpp"

#include <omp.h>
#include <rapidcheck.h>
#include <algorithm>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string>

#include "grids/failure.hpp"
#include "grids/machine/team.hpp"
#include "grids/quadrature.hpp"
#include "solver/kolmogorov/discretise.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/law/affine.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/stepping/march.hpp"
#include "validation/support/random_process.hpp"

using namespace umkehr;

namespace {

Formula parse(const char* formula, std::size_t dimension = 1) {
  FormulaNames names{{"x", "y", "z"}, {}};
  names.axes.resize(dimension);
  return Formula::parse(formula, names);
}

/// Of all wavenumbers.
std::vector<double> rough(const PathIntegral& method, double offset, double frequency) {
  std::vector<double> state(method.size());
  for (std::size_t i = 0; i + 2 < state.size(); ++i)
    state[i] = offset + std::cos(frequency * static_cast<double>(i * i + 1));
  return state;
}

GaussianMixture gaussian(double mean, double variance) {
  return GaussianMixture(
      {{1, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)}});
}

}  // namespace

BOOST_AUTO_TEST_CASE(mass_and_pairing_are_kept) {
  holds("60 steps of either order and scheme", 200, [] {
    const RandomProblem problem = random_problem({40, 14, 7});
    const Grid grid(problem.axes);
    PathIntegral method(problem.process, grid, *rc::gen::element(1, 2));
    const Scheme* scheme = *rc::gen::element<const Scheme*>(nullptr, PathIntegral::one_slice);
    std::vector<double> state = rough(method, 1.5, 1), terminal = rough(method, 0.5, 3), value = terminal;
    const std::vector<double> start = state;
    const double h = std::pow(10, number(-4, -2)), mass = method.mass(start);
    constexpr int steps = 60;
    // At the highest wavenumbers of all three axes roundoff is raised by the inverse symbols of three splines, 6e3 in all,
    // and these states have as much there as anywhere.
    const double roundoff = grid.dimension() == 3 ? 2e-11 : 1e-12;
    for (int n = 0; n < steps; ++n) method.forward(state, {n * h, (n + 1) * h, scheme});
    for (int n = steps; n-- > 0;) method.backward(value, {n * h, (n + 1) * h, scheme});
    RC_ASSERT(std::abs(method.mass(state) + method.lost(state) - mass) <
              1e-12 * std::max(mass, method.mass(state)));
    double size = 0;
    for (std::size_t i = 0; i < grid.size(); ++i)
      size += std::abs(start[i] * value[i]) + std::abs(state[i] * terminal[i]);
    RC_ASSERT(std::abs(method.pairing(state, terminal) - method.pairing(start, value)) <
              roundoff * size * grid.cell_volume());
  });
}

BOOST_AUTO_TEST_CASE(the_transpose_keeps_the_order_of_time) {
  // Drift first right, then left: read in the wrong order, the pairing is another.
  Process process = brownian(0.3);
  process.drift = {parse("(1-2*t)*(2+x)")};
  PathIntegral method(process, Grid({{"x", -5, 5, 100, Boundary::reflecting}}), 2);
  std::vector<double> state = method.state_of(gaussian(0, 0.2)),
                      value = method.value_state_of(parse("x^2+x"), 1);
  const std::vector<double> start = state, terminal = value;
  std::vector<double> wrong = value;
  for (int n = 0; n < 20; ++n) method.forward(state, {n / 20.0, (n + 1) / 20.0, PathIntegral::one_slice});
  for (int n = 20; n-- > 0;) method.backward(value, {n / 20.0, (n + 1) / 20.0, PathIntegral::one_slice});
  for (int n = 0; n < 20; ++n) method.backward(wrong, {n / 20.0, (n + 1) / 20.0, PathIntegral::one_slice});
  const double expected = method.pairing(state, terminal);
  BOOST_TEST(std::abs(method.pairing(start, value) / expected - 1) < 1e-13);
  BOOST_TEST(std::abs(method.pairing(start, wrong) / expected - 1) > 1e-3);
}

BOOST_AUTO_TEST_CASE(a_point_mass_becomes_the_transition_density) {
  Process process = ornstein_uhlenbeck(parse("1+t"), parse("0.5+0.2*t"));
  process.killing = parse("0.4*x^2+0.3*x");
  const Grid grid({{"x", -6, 6, 192, Boundary::reflecting}});
  const GaussianMixture exact = AffineProcess::of(process)->push(gaussian(0.713, 0), 0, 1);
  std::vector<double> reference(grid.size());
  exact.density(grid.centres(), reference);
  KolmogorovChoices choices;
  choices.method = Method::path_integral;
  for (const double width : {0.0, 0.01}) {
    AffineProcess::of(process)->push(gaussian(0.713, width * width), 0, 1).density(grid.centres(), reference);
    const FokkerPlanckSolution solution =
        solve_fokker_planck(process, grid, gaussian(0.713, width * width), 0, {0, 1}, choices);
    BOOST_TEST(relative_l1(solution.density[1], reference) < 1e-8);
    BOOST_TEST(solution.mass_error < 1e-12);
    // The score of a Gaussian is a straight line.
    const Gaussian g = AffineProcess::of(process)->push(gaussian(0.713, width * width), 0, 1).components()[0];
    for (const std::size_t i : {80u, 96u, 110u}) {
      const double line = -(grid.axis(0).centre(i) - g.mean[0]) / g.covariance(0, 0);
      BOOST_TEST(std::abs(solution.score[0][1][i] - line) < 1e-6);
    }
  }
  // A value's spline at the point is its pairing with the point mass.
  PathIntegral method(process, grid, 2);
  const std::vector<double> point = method.state_of(gaussian(0.713, 0)),
                            value = method.value_state_of(parse("cos(x)"), 1);
  BOOST_TEST(std::abs(method.pairing(point, value) - std::cos(0.713)) < 1e-10);
  BOOST_TEST(std::abs(method.mass(point) - 1) < 1e-13);
}

BOOST_AUTO_TEST_CASE(a_double_well_agrees_with_the_fourier_method) {
  Process process = double_well(parse("0.5+0.2*sin(5*t)"));
  process.killing = parse("0.3*sin(x+t)");
  const Grid grid({{"x", -3.5, 3.5, 192, Boundary::reflecting}});
  KolmogorovChoices sliced, spectral;
  sliced.method = Method::path_integral;
  spectral.method = Method::fourier;
  spectral.tolerance = 1e-11;
  for (const int order : {1, 2}) {
    sliced.order = order;
    sliced.tolerance = order == 1 ? 1e-5 : 1e-8;
    const auto a = solve_fokker_planck(process, grid, gaussian(-0.8, 0.1), 0.2, {0.7, 1.2}, sliced);
    const auto b = solve_fokker_planck(process, grid, gaussian(-0.8, 0.1), 0.2, {0.7, 1.2}, spectral);
    BOOST_TEST_MESSAGE("order " << order << ": " << a.run.steps.size() << " steps, difference "
                                << relative_l1(a.density[1], b.density[1]));
    BOOST_TEST(relative_l1(a.density[1], b.density[1]) < sliced.tolerance);
  }
  // With a fixed step the kernel itself is at work.
  sliced.step = 0.01;
  BOOST_TEST(scheme_of(sliced) == PathIntegral::one_slice);
  BOOST_TEST(schemes(Method::path_integral).size() == 1u);
}

BOOST_AUTO_TEST_CASE(threads_and_history_change_nothing) {
  Process process;
  process.drift = {parse("-x+y*z", 3), parse("-y-x", 3), parse("-z", 3)};
  process.diffusion = {0.5, parse("0.5+t", 3), 1.2};
  process.killing = parse("0.1*x^2", 3);
  const Grid grid({{"x", -3, 3, 34, Boundary::reflecting},
                   {"y", -3, 3, 33, Boundary::absorbing},
                   {"z", -3, 3, 32, Boundary::periodic}});
  const auto run = [&](int threads, bool used) {
    omp_set_num_threads(threads);
    PathIntegral method(process, grid, 2);
    if (used)
      for (const double h : {0.3, 0.1, 0.7, 0.2, 0.9}) {
        std::vector<double> other = rough(method, 1, 1);
        method.backward(other, {0, h, PathIntegral::one_slice});
      }
    std::vector<double> state = rough(method, 1, 1), value = state;
    for (int n = 0; n < 2; ++n) method.forward(state, {0.1 * n, 0.1 * (n + 1)});
    for (int n = 0; n < 2; ++n) method.backward(value, {0.1 * n, 0.1 * (n + 1)});
    state.insert(state.end(), value.begin(), value.end());
    return state;
  };
  const team::SharesAnything small;
  const int usual = omp_get_max_threads();
  const std::vector<double> alone = run(1, false);
  BOOST_TEST((run(5, false) == alone));
  BOOST_TEST((run(3, true) == alone));
  omp_set_num_threads(usual);
}

BOOST_AUTO_TEST_CASE(choices_that_do_not_fit) {
  const Grid grid({{"x", -5, 5, 64, Boundary::reflecting}});
  BOOST_CHECK_THROW(PathIntegral(double_well(0.5), grid, 3), std::invalid_argument);
  BOOST_CHECK_THROW(PathIntegral(brownian(0.5, 2), grid, 2), std::invalid_argument);
  PathIntegral method(double_well(0.5), grid, 1);
  BOOST_CHECK_THROW(method.state_of(gaussian(7, 0)), std::invalid_argument);
  BOOST_CHECK_THROW(method.value_state_of(parse("1/(x-x)"), 1), UnfitProblem);
  Process negative = double_well(parse("1-2*t"));
  PathIntegral later(negative, grid, 2);
  std::vector<double> state = later.state_of(gaussian(0, 0.3));
  BOOST_CHECK_THROW(later.forward(state, {0.8, 0.9, PathIntegral::one_slice}), UnfitProblem);
  // Slices so long that neighbours pass each other, and a density too fine for the grid, are told.
  state = method.state_of(gaussian(2, 0.02));
  method.forward(state, {0, 0.4, PathIntegral::one_slice});
  const auto warnings = method.warnings(state, 0.4);
  const auto told = [&](const char* words) {
    return std::any_of(warnings.begin(), warnings.end(),
                       [&](const std::string& w) { return w.find(words) != std::string::npos; });
  };
  BOOST_TEST(told("past each other"));
  BOOST_TEST(PathIntegral(double_well(0.5), grid, 2).warnings(method.state_of(gaussian(0, 0.02)), 0).size() ==
             1u);
}
