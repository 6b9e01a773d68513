// SPDX-License-Identifier: GPL-3.0-or-later
// <P, J> is constant when a value replays the steps of a density, for every method and dimension, killing of either sign,
// coefficients that depend on time, drifts without a potential, splitting, equal and adaptive steps.
#include "solver/kolmogorov/backward_kolmogorov.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/law/affine_value.hpp"
#include "validation/support/affordable.hpp"

using namespace umkehr;

namespace {

const std::vector<std::string> names = {"x", "y", "z"};

Formula formula(const char* text, std::size_t dimension = 1) {
  return Formula::parse(text, {{names.begin(), names.begin() + static_cast<std::ptrdiff_t>(dimension)}, {}});
}

struct Problem {
  std::vector<const char*> drift, diffusion;
  const char* killing;
  const char* terminal;

  std::size_t dimension() const { return drift.size(); }
  Process process() const {
    Process result;
    for (const char* text : drift) result.drift.emplace_back(formula(text, dimension()));
    for (const char* text : diffusion) result.diffusion.emplace_back(formula(text, dimension()));
    result.killing = formula(killing, dimension());
    return result;
  }
};

const Problem line = {{"-x*(1 + t) + sin(x + 2*t)/2"}, {"0.5 + 0.3*cos(3*t)"}, "x^2/2 - 1 + t", "1 + x^2"};
const Problem breeding = {{"0.2 - x"}, {"0.5 + t"}, "-0.1*x^2 - t", "2 + cos(x)"};
const Problem plane = {
    {"-x + 2*y*(1 + t)", "-y - 2*x"}, {"0.5 + t/4", "0.7"}, "x*y/4 - t + 0.1*x^2", "1 + (x + y)^2"};
const Problem well = {{"x - x^3", "y - y^3"}, {"0.5", "0.5"}, "x^2/8 + y^2/8", "2 + sin(x*y)"};
const Problem space = {
    {"-x + y", "-y - x*(1 + t)", "x - z"}, {"0.6", "0.5 + t", "0.4"}, "z^2/4 + x*t - 0.3", "1 + z^2"};

struct Way {
  Method method;
  const char* scheme;
  std::size_t points;
  std::optional<double> step;
  Boundary boundary = Boundary::reflecting;
};

Grid grid_of(const Problem& problem, const Way& way) {
  std::vector<Axis> axes;
  for (std::size_t k = 0; k < problem.dimension(); ++k)
    axes.push_back({names[k], -4, 4, way.points + k, way.boundary});
  return Grid(axes);
}

GaussianMixture bump(std::size_t dimension) {
  const auto d = static_cast<Eigen::Index>(dimension);
  return GaussianMixture({{1, Eigen::VectorXd::Constant(d, 0.4), 0.3 * Eigen::MatrixXd::Identity(d, d)}});
}

KolmogorovChoices choices(const Way& way) {
  KolmogorovChoices result;
  result.method = way.method;
  result.scheme = way.scheme;
  result.step = way.step;
  result.tolerance = 1e-6;
  return result;
}

/// A run from t = 0.3 that is saved four times, the last of them before it stops.
void check_pairing(const Problem& problem, const Way& way) {
  const Process process = problem.process();
  const Grid grid = grid_of(problem, way);
  const Coefficient terminal = formula(problem.terminal, problem.dimension());
  FokkerPlanckReplay replay;
  replay.stop = 0.6;
  const FokkerPlanckSolution density = solve_fokker_planck(process, grid, bump(problem.dimension()), 0.3,
                                                           {0.3, 0.37, 0.5, 0.55}, choices(way), {}, &replay);
  const auto ledger = [&](const std::vector<double>& state) {
    return replay.discretisation->mass(state) + replay.discretisation->lost(state);
  };
  double unbalanced = 0;
  for (const std::vector<double>& state : replay.states)
    unbalanced = std::max(unbalanced, std::abs(ledger(state) - ledger(replay.states[0])));
  BOOST_TEST(density.mass_error == unbalanced);
  const auto solution = replay_backward_kolmogorov(replay, terminal);
  BOOST_TEST(solution.pairing.size() == 4u);
  BOOST_TEST(solution.run.steps.front().start == 0.3);
  BOOST_TEST(solution.run.steps.back().stop == 0.6);
  for (const double pairing : solution.pairing)
    BOOST_TEST(std::abs(pairing / solution.pairing[0] - 1) <= 1e-12,
               problem.terminal << " method " << static_cast<int>(way.method) << way.scheme << ": "
                                << pairing / solution.pairing[0] - 1);
  BOOST_TEST(std::isfinite(solution.value[0][grid.size() / 2]));
}

const std::vector<Way> volumes = {{Method::finite_volume, "", 24, {}},
                                  {Method::finite_volume, "", 24, {}, Boundary::absorbing},
                                  {Method::finite_volume, "", 24, {}, Boundary::periodic},
                                  {Method::finite_volume, "", 24, 0.04},
                                  {Method::finite_volume, "crank-nicolson", 24, 0.04},
                                  {Method::finite_volume, "backward-euler", 24, 0.04}};

}  // namespace

BOOST_AUTO_TEST_CASE(finite_volumes_pair) {
  for (const Problem& problem : {line, breeding, plane, well})
    for (const Way& way : volumes) check_pairing(problem, way);
  for (Way way : volumes) {
    way.points = is_sanitized ? 6 : 9;
    check_pairing(space, way);
  }
}

BOOST_AUTO_TEST_CASE(fourier_series_pair) {
  for (const Problem& problem : {line, breeding, plane})
    for (const std::optional<double> step : {std::optional<double>(), std::optional(0.005)}) {
      check_pairing(problem, {Method::fourier, "", 32, step});
      check_pairing(problem, {Method::fourier, "", 32, step, Boundary::periodic});
    }
  check_pairing(space, {Method::fourier, "", 10, {}});
}

BOOST_AUTO_TEST_CASE(symmetrised_values_pair) {
  const Problem gradient = {{"-x/2"}, {"1"}, "x^2", "1 + x^2"};
  check_pairing(gradient, {Method::fourier, "symmetrised", 128, {}});
  check_pairing(gradient, {Method::fourier, "symmetrised", 128, 0.04});
}

BOOST_AUTO_TEST_CASE(hermite_series_pair) {
  for (const Problem& problem : {line, breeding}) check_pairing(problem, {Method::hermite, "", 64, {}});
  check_pairing(well, {Method::hermite, "", 110, {}});
  check_pairing(plane, {Method::hermite, "", 32, {}});
  const Problem spinning = {{"-x + 2*y", "-y - 2*x"}, {"0.5", "0.7"}, "0", "1 + (x + y)^2"};
  check_pairing(spinning, {Method::hermite, "", 24, {}});
  check_pairing(breeding, {Method::hermite, "", 40, 0.05});
}

/// A pairing that is constant may still be another process's: those of affine ones against moments in closed form.
BOOST_AUTO_TEST_CASE(what_pairs_is_the_mean_of_the_terminal_value) {
  const Problem pulled = {{"-x*(1 + t) + 0.3"}, {"0.5 + 0.3*cos(3*t)"}, "x^2/2 - 0.2 + t", "1 + x^2"};
  const Problem spun = {
      {"-x + 2*y*(1 + t)", "-y - 2*x"}, {"0.5 + t/4", "0.7"}, "x*y/4 - t + 0.1*x^2", "1 + (x + y)^2"};
  const auto mean = [](const Gaussian& law) {
    return law.weight * (1 + std::pow(law.mean.sum(), 2) + law.covariance.sum());
  };
  for (const Problem& problem : {pulled, spun}) {
    const GaussianMixture later =
        AffineProcess::of(problem.process())->push(bump(problem.dimension()), 0.3, 0.6);
    const double right = mean(later.components().front());
    const bool is_line = problem.dimension() == 1;
    for (const auto& [way, allowed] : {std::pair{Way{Method::hermite, "", is_line ? 48u : 32u, {}}, 1e-5},
                                       {Way{Method::fourier, "", is_line ? 64u : 48u, {}}, 1e-5},
                                       {Way{Method::fourier, "odeint", is_line ? 64u : 48u, {}}, 1e-5},
                                       {Way{Method::path_integral, "", 80, {}}, 1e-4},
                                       {Way{Method::finite_volume, "", 80, {}}, 1e-2}}) {
      FokkerPlanckReplay replay;
      replay.stop = 0.6;
      solve_fokker_planck(problem.process(), grid_of(problem, way), bump(problem.dimension()), 0.3, {0.3},
                          choices(way), {}, &replay);
      const double found =
          replay_backward_kolmogorov(replay, formula(problem.terminal, problem.dimension())).pairing[0];
      BOOST_TEST(std::abs(found / right - 1) < allowed, problem.terminal
                                                            << " method " << static_cast<int>(way.method)
                                                            << way.scheme << ": " << found / right - 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(adaptive_runs_chosen_apart_pair_to_the_tolerance) {
  for (const Method method : {Method::finite_volume, Method::fourier, Method::hermite}) {
    const Way way{method, "", 96, {}};
    const Grid grid = grid_of(line, way);
    const Coefficient terminal = formula(line.terminal);
    const auto density = solve_fokker_planck(line.process(), grid, bump(1), 0.3, {0.3, 0.6}, choices(way));
    const auto value =
        solve_backward_kolmogorov(line.process(), grid, terminal, 0.6, {0.3, 0.6}, choices(way));
    double first = 0, last = 0;
    for (std::size_t i = 0; i < grid.size(); ++i) {
      first += density.density[0][i] * value.value[0][i];
      last += density.density[1][i] * value.value[1][i];
    }
    BOOST_TEST(std::abs(first / last - 1) <= 1e-5);
  }
}

/// The coefficients grow along with time; a run that took them in the wrong order would be that of the mirrored process.
BOOST_AUTO_TEST_CASE(the_order_of_time_matters_and_is_kept) {
  const double start = 0.3, stop = 1.1;
  const Process process{{formula("-2*t*x")}, {formula("0.2 + t^2")}, formula("t^2*x^2/2"), {}};
  const Process mirrored{
      {formula("-2*(1.4 - t)*x")}, {formula("0.2 + (1.4 - t)^2")}, formula("(1.4 - t)^2*x^2/2"), {}};
  const Coefficient terminal = formula("1 + x + x^2");
  for (const Way& way : {Way{Method::finite_volume, "", 400, {}}, Way{Method::fourier, "", 128, {}},
                         Way{Method::fourier, "odeint", 48, {}}, Way{Method::hermite, "", 48, {}}}) {
    const Grid grid({Axis{"x", -6, 6, way.points, Boundary::reflecting}});
    const auto solution =
        solve_backward_kolmogorov(process, grid, terminal, stop, {start, 0.7, stop}, choices(way));
    std::vector<double> right(grid.size()), wrong(grid.size());
    affine_value(*AffineProcess::of(process), terminal, start, stop, grid.centres(), right);
    affine_value(*AffineProcess::of(mirrored), terminal, start, stop, grid.centres(), wrong);
    double error = 0, other = 0;
    for (std::size_t i = 0; i < grid.size(); ++i) {
      if (std::abs(grid.axis(0).centre(i)) > 1.5) continue;
      error = std::max(error, std::abs(solution.value[0][i] - right[i]));
      other = std::max(other, std::abs(solution.value[0][i] - wrong[i]));
    }
    BOOST_TEST(error < 2e-3);
    BOOST_TEST(other > 0.05);
  }
}

BOOST_AUTO_TEST_CASE(at_the_stop_the_value_is_the_terminal_one) {
  const Coefficient terminal = formula("where(x > 0.3, 1, 0)");
  for (const Method method : {Method::finite_volume, Method::fourier}) {
    const Way way{method, "", 32, {}};
    const Grid grid = grid_of(line, way);
    const auto solution =
        solve_backward_kolmogorov(line.process(), grid, terminal, 0.6, {0.5, 0.6}, choices(way));
    for (std::size_t i = 0; i < grid.size(); ++i)
      BOOST_TEST(solution.value[1][i] == (grid.axis(0).centre(i) > 0.3 ? 1 : 0));
    const auto alone = solve_backward_kolmogorov(line.process(), grid, terminal, 0.6, {0.6}, choices(way));
    BOOST_TEST(alone.value[0][20] == solution.value[1][20]);
    BOOST_TEST(alone.run.steps.empty());
  }
}

BOOST_AUTO_TEST_CASE(polynomials_are_exact_to_rounding_on_the_line) {
  const Process process{{formula("-x")}, {formula("1 + t")}, 0.0, {}};
  const Grid grid({Axis{"x", -9, 9, 200, Boundary::reflecting}});
  for (const char* text : {"1", "x", "x^2", "x^4 - 3*x^3"}) {
    const Coefficient terminal = formula(text);
    const auto solution = solve_backward_kolmogorov(process, grid, terminal, 1, {0, 0.5},
                                                    choices({Method::hermite, "", 200, {}}));
    for (std::size_t n = 0; n < 2; ++n) {
      std::vector<double> exact(grid.size());
      affine_value(*AffineProcess::of(process), terminal, solution.value.times()[n], 1, grid.centres(),
                   exact);
      for (std::size_t i = 0; i < exact.size(); ++i)
        BOOST_TEST(std::abs(solution.value[n][i] - exact[i]) <=
                   1e-12 * (1 + std::pow(grid.axis(0).centre(i), 4)));
    }
    BOOST_TEST(solution.warnings.empty());
  }
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
  const Grid grid = grid_of(line, volumes[0]);
  const Process process = line.process();
  BOOST_CHECK_THROW(solve_backward_kolmogorov(process, grid, 1.0, 1, {0.5, 1.5}), std::invalid_argument);
  BOOST_CHECK_THROW(solve_backward_kolmogorov(process, grid, 1.0, 1, {}), std::invalid_argument);
  BOOST_CHECK_THROW(solve_backward_kolmogorov(process, grid, 1.0, 1, {0.5, 0.2}), std::invalid_argument);
  BOOST_CHECK_THROW(solve_backward_kolmogorov(plane.process(), grid, 1.0, 1, {0}), std::invalid_argument);
  BOOST_CHECK_THROW(replay_backward_kolmogorov({}, 1.0), std::invalid_argument);
  BOOST_CHECK_THROW(solve_backward_kolmogorov(process, grid, formula("log(-1 - x^2)"), 1, {0},
                                              choices({Method::hermite, "", 24, {}})),
                    std::invalid_argument);
}

/// What is told at `stop` is the plain sum over the cells, and of the filtered series of a Fourier method nearly so.
BOOST_AUTO_TEST_CASE(pairing_at_stop_is_the_sum_of_density_and_terminal_value) {
  for (const Method method : {Method::finite_volume, Method::path_integral, Method::fourier}) {
    const Way way{method, "", 48, {}};
    const Grid grid = grid_of(line, way);
    FokkerPlanckReplay replay;
    const auto solution =
        solve_fokker_planck(line.process(), grid, bump(1), 0.3, {0.3, 0.6}, choices(way), {}, &replay);
    const auto found = replay_backward_kolmogorov(replay, formula(line.terminal));
    double sum = 0;
    for (std::size_t i = 0; i < grid.size(); ++i) {
      const double x = grid.axis(0).centre(i);
      sum += solution.density[1][i] * (1 + x * x) * grid.cell_volume();
    }
    BOOST_TEST_MESSAGE("method " << static_cast<int>(method) << ": off by " << found.pairing[1] / sum - 1);
    BOOST_TEST(std::abs(found.pairing[1] / sum - 1) < (method == Method::fourier ? 1e-9 : 1e-13));
  }
}
