// SPDX-License-Identifier: GPL-3.0-or-later
// Strong and weak orders of the schemes for particles, on nonlinear drifts with D(t).
// Strong: the same Brownian path at h and at its 64th part. Weak: E sin(2 x) at coarse steps less that at fine ones on the
// same path, so that most of the noise cancels; the fine level itself is held against the Fokker-Planck equation.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "grids/quadrature.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/particles/ensemble.hpp"
#include "solver/particles/estimators.hpp"

namespace {

using namespace umkehr;

struct Case {
  const char *drift, *diffusion;
  double stop;
};
constexpr Case rough = {"-x - sin(3*x) + cos(t)", "1.5*(1 + sin(5*t)/2)", 2};
constexpr Case gentle = {"-2*x - sin(2*x) + cos(3*t)", "1 + sin(5*t)/2", 1};

Process process_of(const Case& on) {
  return {{Coefficient(Formula::parse(on.drift))}, {Coefficient(Formula::parse(on.diffusion))}, 0.0, {}};
}

EnsembleRun run_with(const Case& on, const std::string& scheme, std::size_t steps, std::uint32_t refinement,
                     std::size_t count) {
  EnsembleProblem problem;
  problem.motion = motion_of(process_of(on));
  problem.start = {0, 1, [](const Points&, const Points& z, Points& x) {
                     for (std::size_t i = 0; i < x.count(); ++i) x[0][i] = 1 + 0.5 * z[0][i];
                   }};
  for (std::size_t n = 0; n <= steps; ++n)
    problem.steps.push_back(on.stop * static_cast<double>(n) / static_cast<double>(steps));
  problem.saved = {steps};
  EnsembleChoices choices;
  choices.count = choices.keep = count;
  choices.refinement = refinement;
  return run_ensemble(problem, *particle_scheme(scheme), choices);
}

/// Least squares of ln error over ln h.
double order_of(const std::vector<double>& steps, const std::vector<double>& errors) {
  double x = 0, y = 0, xx = 0, xy = 0;
  const auto n = static_cast<double>(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double a = -std::log(steps[i]), b = std::log(errors[i]);
    x += a;
    y += b;
    xx += a * a;
    xy += a * b;
  }
  return (n * xy - x * y) / (n * xx - x * x);
}

const std::vector<double> coarse = {32, 64, 128, 256, 512};
constexpr std::uint32_t finest = 8192;

BOOST_AUTO_TEST_CASE(strong_orders) {
  const std::size_t count = 1024;
  const EnsembleRun exact = run_with(rough, "srk", finest, 1, count);
  for (const std::string& name : particle_schemes()) {
    std::vector<double> errors;
    for (const double steps : coarse) {
      const auto n = static_cast<std::size_t>(steps);
      const EnsembleRun run = run_with(rough, name, n, finest / static_cast<std::uint32_t>(n), count);
      double sum = 0;
      for (std::size_t i = 0; i < count; ++i) sum += std::abs(run.kept[0][0][i] - exact.kept[0][0][i]);
      errors.push_back(sum / static_cast<double>(count));
    }
    const double order = order_of(coarse, errors), declared = particle_scheme(name)->strong_order();
    BOOST_TEST_MESSAGE(name << ": strong order " << order << ", declared " << declared
                            << ", error at 512 steps " << errors.back());
    BOOST_TEST(std::abs(order - declared) < 0.1);
    BOOST_TEST(errors.back() < 5e-3);
  }
}

BOOST_AUTO_TEST_CASE(weak_orders) {
  const std::size_t count = 600'000;
  const std::uint32_t fine = 384;
  const std::vector<double> steps = {16, 24, 32, 48, 64};
  const EnsembleRun exact = run_with(gentle, "srk", fine, 1, count);
  for (const std::string& name : particle_schemes()) {
    std::vector<double> errors, used;
    for (const double number : steps) {
      const auto n = static_cast<std::size_t>(number);
      const EnsembleRun run = run_with(gentle, name, n, fine / static_cast<std::uint32_t>(n), count);
      double sum = 0, squares = 0;
      for (std::size_t i = 0; i < count; ++i) {
        const double difference = std::sin(2 * run.kept[0][0][i]) - std::sin(2 * exact.kept[0][0][i]);
        sum += difference;
        squares += difference * difference;
      }
      const double error = std::abs(sum) / count, noise = std::sqrt(squares) / count;
      BOOST_TEST_MESSAGE(name << ", " << number << " steps: " << sum / count << " +- " << noise);
      if (error < 5 * noise) continue;
      errors.push_back(error);
      used.push_back(number);
    }
    const double order = order_of(used, errors), declared = particle_scheme(name)->weak_order();
    BOOST_TEST_MESSAGE(name << ": weak order " << order << ", declared " << declared);
    BOOST_TEST(used.size() == 5);
    BOOST_TEST(std::abs(order - declared) < 0.1);
  }
}

BOOST_AUTO_TEST_CASE(fine_steps_reach_the_law_of_the_grid) {
  const std::size_t count = 400'000;
  const EnsembleRun run = run_with(gentle, "srk", 64, 1, count);
  const Grid grid({Axis{"x", -6, 7, 384}});
  KolmogorovChoices choices;
  choices.method = Method::fourier;
  const GaussianMixture start({{1, Eigen::VectorXd::Constant(1, 1), Eigen::MatrixXd::Constant(1, 1, 0.25)}});
  const FokkerPlanckSolution law =
      solve_fokker_planck(process_of(gentle), grid, start, 0, {gentle.stop}, choices);
  for (const int power : {1, 2, 4}) {
    double exact = 0, sum = 0, squares = 0;
    for (std::size_t i = 0; i < grid.size(); ++i)
      exact += law.density[0][i] * std::pow(grid.axis(0).centre(i), power) * grid.cell_volume();
    for (std::size_t i = 0; i < count; ++i) {
      const double f = std::pow(run.kept[0][0][i], power);
      sum += f;
      squares += f * f;
    }
    const double mean = sum / count, error = std::sqrt((squares / count - mean * mean) / count);
    BOOST_TEST(std::abs(mean - exact) < 4.5 * error + 1e-4,
               "E x^" << power << " = " << mean << " +- " << error << ", " << exact);
  }
}

}  // namespace
