// SPDX-License-Identifier: GPL-3.0-or-later
// Particles against laws that are known: reversed ones come back to the data in 1, 2, 10 and 100 dimensions, those of the
// flow in 1, 2 and 10; along the flow in one dimension each particle keeps its quantile; under the control of a bridge they arrive,
// at the cost of its divergence; killed ones have Feynman and Kac's values.
#include "solver/particles/particles.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "solver/bridge/gaussian_bridge.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/law/mixture_path.hpp"
#include "solver/particles/known_score.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/score/trial_score.hpp"

namespace {

using namespace umkehr;

/// Of two Gaussians; `coupled` gives both full covariances.
GaussianMixture two_bumps(std::size_t d, bool coupled) {
  const auto n = static_cast<Eigen::Index>(d);
  Eigen::MatrixXd first = 0.16 * Eigen::MatrixXd::Identity(n, n),
                  second = 0.3 * Eigen::MatrixXd::Identity(n, n);
  if (coupled)
    for (Eigen::Index i = 0; i < n; ++i)
      for (Eigen::Index j = 0; j < n; ++j) {
        const double distance = std::abs(static_cast<double>(i - j));
        first(i, j) = 0.16 * std::exp(-distance / 3);
        second(i, j) = 0.3 * std::exp(-distance) * std::cos(distance);
      }
  Eigen::VectorXd left = Eigen::VectorXd::Constant(n, -0.9), right = Eigen::VectorXd::Constant(n, 0.7);
  right[0] = -0.4;
  return GaussianMixture({{0.35, left, first}, {0.65, right, second}});
}

void check(const Estimate& found, double exact, const std::string& what, double bias = 0) {
  BOOST_TEST(found.error > 0);
  BOOST_TEST(std::abs(found.value - exact) < 4.5 * found.error + bias,
             what << ": " << found.value << " +- " << found.error << ", exactly " << exact);
}

ParticlesProblem back_to(const GaussianMixture& data, const Process& process) {
  ParticlesProblem problem;
  problem.process = process;
  problem.stop = 1;
  problem.times = {0, 0.3};
  const auto score = std::make_shared<KnownScore>(process, std::nullopt, data, 0.0, 1.0);
  problem.score = score;
  problem.law = score->law_at_stop();
  return problem;
}

void check_moments(const MomentEstimates& found, const GaussianMixture& law, double bias) {
  const Eigen::VectorXd mean = law.mean();
  const Eigen::MatrixXd covariance = law.covariance();
  for (std::size_t k = 0; k < found.mean.size(); ++k)
    check(found.mean[k], mean[static_cast<Eigen::Index>(k)], "mean " + std::to_string(k), bias);
  for (std::size_t j = 0; j < found.covariance.size(); ++j)
    for (std::size_t k = 0; k < found.covariance[j].size(); ++k)
      check(found.covariance[j][k],
            covariance(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(j + k)),
            "covariance " + std::to_string(j) + ", " + std::to_string(j + k), bias);
}

BOOST_AUTO_TEST_CASE(what_is_reversed_comes_back_in_any_dimension) {
  for (const auto& [d, coupled, count] : {std::tuple{std::size_t{1}, false, std::size_t{100'000}},
                                          {std::size_t{2}, true, std::size_t{30'000}},
                                          {std::size_t{10}, true, std::size_t{4'000}},
                                          {std::size_t{100}, false, std::size_t{400}}})
    for (const ParticleDirection direction : {ParticleDirection::reverse, ParticleDirection::flow}) {
      // The flow asks for laws at times of its own, which take most of a minute in a hundred dimensions.
      if (d == 100 && direction == ParticleDirection::flow) continue;
      BOOST_TEST_CONTEXT(d << " dimensions, "
                           << (direction == ParticleDirection::flow ? "flow" : "reverse")) {
        const GaussianMixture data = two_bumps(d, coupled);
        const Process process = variance_preserving(0.1, 12, d);
        const ParticlesProblem problem = back_to(data, process);
        ParticleChoices choices;
        choices.direction = direction;
        choices.ensemble.count = count;
        choices.dt = d == 100 ? 0.02 : 0;
        const double bias = d == 100 ? 2e-3 : 2e-4;
        const ParticlesSolution found = solve_particles(problem, choices);
        check_moments(found.moments[0], data, bias);
        check_moments(found.moments[1], AffineProcess::of(process)->push(data, 0, 0.3), bias);
      }
    }
}

BOOST_AUTO_TEST_CASE(along_the_flow_a_particle_keeps_its_quantile) {
  const GaussianMixture data = two_bumps(1, false);
  const Process process = variance_preserving(0.1, 12);
  ParticlesProblem problem = back_to(data, process);
  problem.times = {0, 1};
  ParticleChoices choices;
  choices.direction = ParticleDirection::flow;
  choices.ensemble.count = choices.ensemble.keep = 5000;
  const ParticlesSolution found = solve_particles(problem, choices);
  const GaussianMixture noise = AffineProcess::of(process)->push(data, 0, 1);
  const auto quantile = [](const GaussianMixture& law, double x) {
    double sum = 0;
    for (const Gaussian& one : law.components())
      sum += one.weight * 0.5 * std::erfc((one.mean[0] - x) / std::sqrt(2 * one.covariance(0, 0)));
    return sum;
  };
  double worst = 0;
  for (std::size_t i = 0; i < 5000; ++i)
    worst =
        std::max(worst, std::abs(quantile(data, found.kept[0][0][i]) - quantile(noise, found.kept[1][0][i])));
  BOOST_TEST(worst < 1e-7);
}

BOOST_AUTO_TEST_CASE(under_a_bridges_control_particles_arrive_at_the_cost_of_its_divergence) {
  const Process process = ornstein_uhlenbeck(1.0, 0.7);
  const Gaussian first{1, Eigen::VectorXd::Constant(1, -1), Eigen::MatrixXd::Constant(1, 1, 0.2)};
  const Gaussian last{1, Eigen::VectorXd::Constant(1, 1.5), Eigen::MatrixXd::Constant(1, 1, 0.1)};
  const auto bridge = std::make_shared<GaussianBridge>(*AffineProcess::of(process), first, last, 0.0, 1.0);
  ParticlesProblem problem;
  problem.process = process;
  problem.law = GaussianMixture({first});
  problem.times = {0.5, 1.0};
  problem.control = std::make_shared<TrialScore>(TrialScore::of(
      {Coefficient(Coefficient::Function([bridge](const Points& x, double t, std::span<double> out) {
        const AffineControl u = bridge->control(t);
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = u.offset[0] + u.slope(0, 0) * x[0][i];
      }))}));
  ParticleChoices choices;
  choices.ensemble.count = 100'000;
  const ParticlesSolution found = solve_particles(problem, choices);
  const Gaussian between = bridge->density(0.5);
  check(found.moments[0].mean[0], between.mean[0], "mean half-way", 1e-4);
  check(found.moments[1].mean[0], 1.5, "mean", 1e-4);
  check(found.moments[1].covariance[0][0], 0.1, "variance", 1e-4);
  BOOST_TEST_REQUIRE(found.path_kl.has_value());
  check(*found.path_kl, bridge->divergence(), "path divergence", 2e-4);
}

BOOST_AUTO_TEST_CASE(values_of_killed_particles_are_those_of_the_backward_equation) {
  const Process process{{Coefficient(Formula::parse("x - x^3 + sin(3*t)"))},
                        {Coefficient(Formula::parse("0.6 + t/2"))},
                        Coefficient(Formula::parse("x^2 - 0.8*cos(x)")),
                        {}};
  const Grid grid({Axis{"x", -5, 5, 400}});
  const Coefficient terminal(Formula::parse("cos(x) + x/2"));
  KolmogorovChoices by_series;
  by_series.method = Method::fourier;
  const BackwardKolmogorovSolution value =
      solve_backward_kolmogorov(process, grid, terminal, 1.5, {0.2}, by_series);
  const GaussianMixture start =
      GaussianMixture({{1, Eigen::VectorXd::Constant(1, 0.3), Eigen::MatrixXd::Constant(1, 1, 0.2)}});
  std::vector<double> density(grid.size());
  start.density(grid.centres(), density);
  double exact = 0;
  for (std::size_t i = 0; i < grid.size(); ++i) exact += density[i] * value.value[0][i] * grid.cell_volume();
  for (const bool branches : {false, true})
    for (const bool antithetic : {false, true}) {
      ParticlesProblem problem;
      problem.process = process;
      problem.law = start;
      problem.start = 0.2;
      problem.stop = 1.5;
      problem.times = {0.2, 1.5};
      problem.terminal = terminal;
      ParticleChoices choices;
      choices.ensemble.branches = branches;
      choices.ensemble.antithetic = antithetic;
      const ParticlesSolution found = solve_particles(problem, choices);
      check(*found.value, exact, branches ? "branching" : "weights", 1e-4);
      BOOST_TEST(found.weight[0].value == 1);
    }
}

}  // namespace
