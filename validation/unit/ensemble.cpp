// SPDX-License-Identifier: GPL-3.0-or-later
// Ensembles against closed forms: Ornstein and Uhlenbeck's law, Feynman and Kac's formula for linear and quadratic killing,
// survival between absorbing walls by its sine series; bits for any threads and blocks.
#include "solver/particles/ensemble.hpp"

#include <omp.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "grids/failure.hpp"
#include "grids/machine/team.hpp"
#include "solver/particles/estimators.hpp"
#include "solver/particles/schemes/affine_scheme.hpp"
#include "solver/process/known_processes.hpp"

namespace {

using namespace umkehr;
using std::numbers::pi;

std::vector<double> steps(double start, double stop, std::size_t count) {
  std::vector<double> times;
  for (std::size_t n = 0; n <= count; ++n)
    times.push_back(start + (stop - start) * static_cast<double>(n) / static_cast<double>(count));
  return times;
}

ParticleStart point(std::vector<double> at) {
  return {0, 0, [at](const Points&, const Points&, Points& x) {
            for (std::size_t k = 0; k < at.size(); ++k) std::ranges::fill(x[k], at[k]);
          }};
}

/// x_k, x_k^2 of each axis.
ParticleFunctions two_moments(std::size_t d) {
  return {2 * d, [d](const Points& x, double, Components& out) {
            for (std::size_t k = 0; k < d; ++k)
              for (std::size_t i = 0; i < x.count(); ++i) {
                out[k][i] = x[k][i];
                out[d + k][i] = x[k][i] * x[k][i];
              }
          }};
}

EnsembleProblem problem_of(const Process& process, std::vector<double> at, std::vector<double> times) {
  EnsembleProblem problem;
  problem.motion = motion_of(process);
  problem.functions = two_moments(at.size());
  problem.start = point(std::move(at));
  problem.saved = {times.size() - 1};
  problem.steps = std::move(times);
  return problem;
}

auto formula_of(const char* text) {
  return [formula = Formula::parse(text)](const Points& x, double t, std::span<double> out) {
    formula(x, t, out);
  };
}

void check_close(const Estimate& found, double exact, const std::string& what, double bias = 0) {
  BOOST_TEST(found.error > 0);
  BOOST_TEST(std::abs(found.value - exact) < 4.5 * found.error + bias,
             what << ": " << found.value << " +- " << found.error << ", exactly " << exact);
}

BOOST_AUTO_TEST_CASE(moments_of_ornstein_uhlenbeck) {
  const Process process = ornstein_uhlenbeck(1.5, 0.8);
  for (const char* name : {"srk", "heun", "exact"}) {
    EnsembleProblem problem = problem_of(process, {2}, steps(0, 1, std::string(name) == "exact" ? 3 : 64));
    EnsembleChoices choices;
    choices.count = 100'000;
    const AffineScheme exact(*AffineProcess::of(process), problem.steps);
    const std::unique_ptr<ParticleScheme> other =
        std::string(name) == "exact" ? nullptr : particle_scheme(name);
    const EnsembleRun run =
        run_ensemble(problem, other ? *other : static_cast<const ParticleScheme&>(exact), choices);
    const double decay = std::exp(-0.75), variance = 0.8 / 1.5 * (1 - std::exp(-1.5));
    check_close(average(run, 0, 0), 2 * decay, std::string(name) + ", mean", 2e-5);
    check_close(covariance(run, 0, 0, 0, 1), variance, std::string(name) + ", variance", 2e-5);
  }
}

BOOST_AUTO_TEST_CASE(errors_are_those_that_repetitions_show) {
  EnsembleProblem problem = problem_of(ornstein_uhlenbeck(1.0, 1.0), {0.5}, steps(0, 1, 4));
  problem.killing = formula_of("x^2");
  EnsembleChoices choices;
  choices.count = 2000;
  const auto scheme = particle_scheme("srk");
  const auto spread = [&](bool branches, const auto& estimate) {
    choices.branches = branches;
    double sum = 0, squares = 0, claimed = 0;
    const int runs = 200;
    for (int n = 0; n < runs; ++n) {
      choices.seed = static_cast<std::uint64_t>(n);
      const Estimate found = estimate(run_ensemble(problem, *scheme, choices));
      sum += found.value;
      squares += found.value * found.value;
      claimed += found.error * found.error;
    }
    return std::sqrt(claimed / (squares - sum * sum / runs) * (runs - 1) / runs);
  };
  for (const bool branches : {false, true}) {
    const double of_weight = spread(branches, [](const EnsembleRun& run) { return mean_weight(run, 0); });
    const double of_variance =
        spread(branches, [](const EnsembleRun& run) { return covariance(run, 0, 0, 0, 1); });
    BOOST_TEST(std::abs(of_weight - 1) < 0.2, "claimed over shown, weight: " << of_weight);
    BOOST_TEST(std::abs(of_variance - 1) < 0.2, "claimed over shown, variance: " << of_variance);
  }
}

BOOST_AUTO_TEST_CASE(killing_of_either_sign) {
  // E exp(-q int W^2 / 2) = 1/sqrt(cosh(w t)), w^2 = q D; for q < 0 1/sqrt(cos).
  for (const bool branches : {false, true})
    for (const double q : {16.0, -1.0}) {
      EnsembleProblem problem = problem_of(brownian(1.0), {0}, steps(0, 1, 200));
      problem.killing = [q](const Points& x, double, std::span<double> out) {
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = q / 2 * x[0][i] * x[0][i];
      };
      EnsembleChoices choices;
      choices.branches = branches;
      choices.count = 200'000;
      const EnsembleRun run = run_ensemble(problem, *particle_scheme("srk"), choices);
      const double exact = q > 0 ? 1 / std::sqrt(std::cosh(4.0)) : 1 / std::sqrt(std::cos(1.0));
      check_close(mean_weight(run, 0), exact, "q = " + std::to_string(q), 3e-5);
      if (q > 0) BOOST_TEST((run.resampled > 0) == branches);
    }
}

BOOST_AUTO_TEST_CASE(survival_between_absorbing_walls_needs_few_steps) {
  EnsembleProblem problem = problem_of(brownian(1.0), {0.3}, steps(0, 0.5, 20));
  problem.walls = {Wall{Boundary::absorbing, 0, 1}};
  EnsembleChoices choices;
  choices.count = 400'000;
  const EnsembleRun run = run_ensemble(problem, *particle_scheme("euler-maruyama"), choices);
  double survival = 0, right = 0;
  for (int n = 1; n < 60; ++n) {
    const double decay = std::exp(-n * n * pi * pi / 4), at = std::sin(n * pi * 0.3);
    survival += 2 * at * (1 - std::cos(n * pi)) / (n * pi) * decay;
    right += 2 * at * -std::cos(n * pi) / (n * pi) * (1 - decay);
  }
  check_close(mean_weight(run, 0), survival, "survival", 1e-4);
  check_close(left_by(run, 0, 1), right, "what left by the right wall", 1e-4);
  check_close(left_by(run, 0, 0), 1 - survival - right, "by the left one", 1e-4);
}

BOOST_AUTO_TEST_CASE(reflecting_and_periodic_walls_keep_everything) {
  for (const Boundary boundary : {Boundary::reflecting, Boundary::periodic}) {
    EnsembleProblem problem = problem_of(brownian(1.0), {0.2}, steps(0, 0.1, 10));
    problem.walls = {Wall{boundary, 0, 1}};
    problem.functions = {1, [boundary](const Points& x, double, Components& out) {
                           const double k = boundary == Boundary::periodic ? 2 * pi : pi;
                           for (std::size_t i = 0; i < x.count(); ++i) out[0][i] = std::cos(k * x[0][i]);
                         }};
    EnsembleChoices choices;
    choices.count = 200'000;
    const EnsembleRun run = run_ensemble(problem, *particle_scheme("euler-maruyama"), choices);
    const double k = boundary == Boundary::periodic ? 2 * pi : pi;
    check_close(average(run, 0, 0), std::cos(0.2 * k) * std::exp(-k * k * 0.05), "a mode that decays");
    BOOST_TEST(mean_weight(run, 0).value == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_histogram_is_the_density) {
  EnsembleProblem problem = problem_of(brownian(2.0), {0}, steps(0, 1, 2));
  problem.bins = {Grid({Axis{"x", -4, 4, 16}})};
  EnsembleChoices choices;
  choices.count = 300'000;
  const EnsembleRun run = run_ensemble(problem, *particle_scheme("euler-maruyama"), choices);
  const Histogram found = histogram(run, problem.bins.front(), 0);
  double squares = 0;
  for (std::size_t i = 0; i < 16; ++i) {
    const Axis& axis = problem.bins.front().axis(0);
    const double exact = (std::erf(axis.face(i + 1) / 2) - std::erf(axis.face(i) / 2)) / 2 / axis.spacing();
    const double score = (found.density[i] - exact) / found.error[i];
    BOOST_TEST(std::abs(score) < 4.5);
    squares += score * score;
  }
  BOOST_TEST(squares > 3);
  BOOST_TEST(squares < 45);
}

BOOST_AUTO_TEST_CASE(the_same_bits_on_any_threads_in_any_blocks) {
  const team::SharesAnything anything;
  EnsembleProblem problem = problem_of(double_well(0.5, 2), {0.1, -0.3}, steps(0, 1, 20));
  problem.saved = {0, 10, 20};
  problem.killing = formula_of("x^2/3");
  problem.walls = {Wall{Boundary::absorbing, -1.5, 1.2}, std::nullopt};
  problem.bins = {Grid({Axis{"x", -2, 2, 8}, Axis{"y", -2, 2, 8}})};
  std::vector<double> first;
  for (const std::size_t count : {std::size_t{777}, std::size_t{20'001}})
    for (const bool antithetic : {false, true}) {
      first.clear();
      for (const std::size_t block : {std::size_t{64}, std::size_t{1024}, std::size_t{4096}})
        for (const int threads : {1, 2, 3, 4, 8}) {
          omp_set_num_threads(threads);
          EnsembleChoices choices;
          choices.count = count;
          choices.block = block;
          choices.antithetic = antithetic;
          choices.keep = 50;
          const EnsembleRun run = run_ensemble(problem, *particle_scheme("srk"), choices);
          std::vector<double> bits = run.sums.sums.total(0, run.sums.row() * 3);
          for (std::size_t g = 0; g < run.sums.sums.groups(); ++g)
            bits.insert(bits.end(), run.sums.sums[g].begin(), run.sums.sums[g].end());
          bits.insert(bits.end(), run.bin_weight.values().begin(), run.bin_weight.values().end());
          bits.insert(bits.end(), run.kept[2][1].begin(), run.kept[2][1].end());
          if (first.empty()) first = bits;
          BOOST_TEST((first == bits),
                     "count " << count << ", blocks of " << block << ", " << threads << " threads");
        }
    }
  omp_set_num_threads(2);
}

BOOST_AUTO_TEST_CASE(antithetic_pairs_take_odd_errors_away) {
  EnsembleProblem problem = problem_of(ornstein_uhlenbeck(1.0, 1.0), {1}, steps(0, 1, 8));
  EnsembleChoices choices;
  choices.count = 2000;
  choices.antithetic = true;
  const EnsembleRun run = run_ensemble(problem, *particle_scheme("heun"), choices);
  BOOST_TEST(average(run, 0, 0).error < 1e-14);
  check_close(covariance(run, 0, 0, 0, 1), 1 - std::exp(-1.0), "variance", 2e-4);
}

BOOST_AUTO_TEST_CASE(what_runs_away_is_refused_with_its_time) {
  const Process process{{Coefficient(Formula::parse("x^3"))}, {1.0}, 0.0, {}};
  const EnsembleProblem problem = problem_of(process, {3}, steps(0, 1, 10));
  BOOST_CHECK_EXCEPTION(run_ensemble(problem, *particle_scheme("euler-maruyama"), {}), NumericalFailure,
                        [](const NumericalFailure& failure) {
                          return std::string(failure.what()).find("no longer finite at t = 0.") !=
                                 std::string::npos;
                        });
  EnsembleProblem dying = problem_of(brownian(1.0), {0.5}, steps(0, 1, 10));
  dying.killing = formula_of("1e6");
  BOOST_CHECK_EXCEPTION(run_ensemble(dying, *particle_scheme("euler-maruyama"), {}), NumericalFailure,
                        [](const NumericalFailure& failure) {
                          return std::string(failure.what()).find("no particle is left at t = 1") !=
                                 std::string::npos;
                        });
}

}  // namespace
