// SPDX-License-Identifier: GPL-3.0-or-later
// Multilevel Monte Carlo against closed forms: a killed Ornstein-Uhlenbeck process, and the drift k tanh(k x) under D(t) = 2;
// its claimed errors over seeds, how variances of the levels fall, how cost grows with the tolerance.
#include "solver/particles/multilevel.hpp"

#include <omp.h>

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "grids/failure.hpp"

namespace {

using namespace umkehr;

Coefficient formula_of(const char* text) {
  return Coefficient(Formula::parse(text));
}

ParticlesProblem from_gaussian(const char* drift, const char* diffusion, const char* killing, double mean,
                               double variance, const char* terminal) {
  ParticlesProblem problem;
  problem.process = {{formula_of(drift)}, {formula_of(diffusion)}, formula_of(killing), {}};
  problem.law =
      GaussianMixture({{1, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)}});
  problem.terminal = formula_of(terminal);
  return problem;
}

/// dx = -x dt + sqrt(2) dW killed at x^2/4: exp(a x - b) of the backward equation stays Gaussian. Here J1 = 1, and
/// E = int P(0) exp(-A x^2 - c), A' = 1/4 - 2 A - 4 A^2, c' = 2 A by the time that is left: a Riccati equation, solved by
/// Runge and Kutta.
double killed_exactly(double mean, double variance) {
  double a = 0, c = 0;
  const int steps = 20000;
  const double h = 1.0 / steps;
  const auto rate = [](double at) { return 0.25 - 2 * at - 4 * at * at; };
  for (int n = 0; n < steps; ++n) {
    const double k1 = rate(a), k2 = rate(a + h / 2 * k1), k3 = rate(a + h / 2 * k2), k4 = rate(a + h * k3);
    const double half = a + h / 2 * k2, next = a + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
    c += h / 6 * 2 * (a + 4 * half + next);
    a = next;
  }
  const double width = 1 + 2 * a * variance;
  return std::exp(-c - a * mean * mean / width) / std::sqrt(width);
}

ParticlesProblem killed() {
  return from_gaussian("-x", "2", "x^2/4", 0.5, 0.2, "1");
}

/// dx = D(t) k tanh(k x) dt + sqrt(D(t)) dW is a mixture of two drifts +-k in the clock s = int D: from a point x,
/// E[x(T)^2] = E[(x + s k e)^2] + s with e = 1 by (1 + tanh(k x))/2. From x = 0: (s k)^2 + s.
double benes_exactly(double k, double clock) {
  return clock * clock * k * k + clock;
}

ParticlesProblem benes() {
  return from_gaussian("1.2*(1 + t)*tanh(1.2*x)", "1 + t", "0", 0, 1e-18, "x^2");
}

MultilevelSolution solved(const ParticlesProblem& problem, double tolerance, const char* scheme,
                          std::uint64_t seed = 1) {
  MultilevelChoices choices;
  choices.tolerance = tolerance;
  choices.scheme = scheme;
  choices.seed = seed;
  return solve_multilevel(problem, choices);
}

double cost_of(const MultilevelSolution& found) {
  double cost = 0;
  for (const MultilevelLevel& level : found.levels) cost += level.count * level.cost;
  return cost;
}

}  // namespace

BOOST_AUTO_TEST_CASE(values_are_those_of_closed_forms_within_their_errors) {
  for (const auto& [problem, exact] :
       {std::pair{killed(), killed_exactly(0.5, 0.2)}, {benes(), benes_exactly(1.2, 1.5)}})
    for (const char* scheme : {"srk", "euler-maruyama"}) {
      const MultilevelSolution found = solved(problem, 4e-3, scheme);
      BOOST_TEST_MESSAGE(scheme << ": " << found.value.value << " +- " << found.value.error << " (bias "
                                << found.bias_error << "), exactly " << exact << ", levels "
                                << found.levels.size() << ", cost ratio " << found.cost_ratio);
      BOOST_TEST(std::abs(found.value.value - exact) < 4.5 * found.value.error);
      BOOST_TEST(found.value.error <= 4e-3 * std::abs(found.value.value) * 1.0001);
      BOOST_TEST(found.cost_ratio > 1);
    }
}

BOOST_AUTO_TEST_CASE(claimed_errors_are_those_of_many_seeds) {
  for (const auto& [problem, exact] :
       {std::pair{killed(), killed_exactly(0.5, 0.2)}, {benes(), benes_exactly(1.2, 1.5)}}) {
    double squares = 0;
    const int seeds = 24;
    for (int seed = 0; seed < seeds; ++seed) {
      const Estimate value = solved(problem, 2e-2, "euler-maruyama", static_cast<std::uint64_t>(seed)).value;
      squares += std::pow((value.value - exact) / value.error, 2) / seeds;
    }
    BOOST_TEST_MESSAGE("mean square of z " << squares);
    BOOST_TEST(squares > 0.15);
    BOOST_TEST(squares < 2.0);
  }
}

BOOST_AUTO_TEST_CASE(variances_of_levels_fall_by_the_strong_order_and_costs_by_the_tolerance) {
  const MultilevelSolution fine = solved(benes(), 1.5e-3, "euler-maruyama"),
                           coarse = solved(benes(), 6e-3, "euler-maruyama");
  const std::vector<MultilevelLevel>& levels = fine.levels;
  const double rate =
      std::log2(levels[1].variance / levels.back().variance) / static_cast<double>(levels.size() - 2);
  const double growth = std::log(cost_of(fine) / cost_of(coarse)) / std::log(4.0);
  BOOST_TEST_MESSAGE("variance falls like h^" << rate << ", cost grows like tolerance^-" << growth
                                              << ", ratios " << coarse.cost_ratio << " and "
                                              << fine.cost_ratio);
  BOOST_TEST(std::abs(rate - 2) < 0.4);
  BOOST_TEST(growth > 1.5);
  BOOST_TEST(growth < 2.4);
}

BOOST_AUTO_TEST_CASE(no_bit_of_levels_depends_on_the_number_of_threads) {
  const int most = omp_get_max_threads();
  omp_set_num_threads(1);
  const MultilevelSolution one = solved(killed(), 1e-2, "srk");
  omp_set_num_threads(2);
  const MultilevelSolution two = solved(killed(), 1e-2, "srk");
  omp_set_num_threads(most);
  BOOST_TEST(one.value.value == two.value.value);
  BOOST_TEST(one.value.error == two.value.error);
}

BOOST_AUTO_TEST_CASE(levels_refuse_what_they_cannot_do) {
  ParticlesProblem problem = killed();
  BOOST_CHECK_THROW(solved(problem, 0, "srk"), UnfitProblem);
  BOOST_CHECK_THROW(solved(problem, 1e-2, "exact"), UnfitProblem);
  problem.terminal.reset();
  BOOST_CHECK_THROW(solved(problem, 1e-2, "srk"), UnfitProblem);
  // Of mean zero: no relative error can be reached.
  BOOST_CHECK_THROW(solved(from_gaussian("-x", "2", "0", 0, 1, "x"), 1e-6, "srk"), NumericalFailure);
}
