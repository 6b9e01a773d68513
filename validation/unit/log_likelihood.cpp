// SPDX-License-Identifier: GPL-3.0-or-later
// ln P along the probability flow against closed forms in one, two and ten dimensions, and against a run on a grid.
#include "solver/particles/log_likelihood.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "grids/failure.hpp"
#include "solver/particles/known_score.hpp"
#include "solver/process/formula/formula.hpp"
#include "solver/score/trial_score.hpp"

using namespace umkehr;

namespace {

FormulaNames names_of(std::size_t d) {
  FormulaNames names;
  names.axes.clear();
  for (std::size_t k = 0; k < d; ++k) names.axes.push_back("x" + std::to_string(k));
  return names;
}

/// Each coordinate with a diffusion of its own, neighbours coupled by the drift.
Process coupled(std::size_t d) {
  Process process;
  process.drift.clear();
  process.diffusion.clear();
  for (std::size_t k = 0; k < d; ++k) {
    const std::string x = "x" + std::to_string(k), next = "x" + std::to_string((k + 1) % d);
    process.drift.emplace_back(Formula::parse("-(0.5 + t)*" + x + " + 0.3*" + next, names_of(d)));
    process.diffusion.emplace_back(Formula::parse(std::to_string(k + 1) + "/4 + t", names_of(d)));
  }
  return process;
}

GaussianMixture two_bumps(std::size_t d) {
  const auto rows = static_cast<Eigen::Index>(d);
  Eigen::MatrixXd covariance = 0.2 * Eigen::MatrixXd::Identity(rows, rows);
  for (Eigen::Index k = 0; k + 1 < rows; ++k) covariance(k, k + 1) = covariance(k + 1, k) = 0.07;
  return GaussianMixture({{0.3, Eigen::VectorXd::Constant(rows, -0.6), covariance},
                          {0.7, Eigen::VectorXd::LinSpaced(rows, 0.2, 0.8), 0.5 * covariance}});
}

Points some_points(std::size_t d) {
  Points points(d, 70);
  for (std::size_t k = 0; k < d; ++k)
    for (std::size_t i = 0; i < points.count(); ++i)
      points[k][i] = std::sin(1.3 * static_cast<double>(i + 1) + 0.9 * static_cast<double>(k * k));
  return points;
}

/// ln N(x; m, C), by elimination: pivots p_k and what remains r_k of x - m give sum (r_k^2/p_k + ln 2 pi p_k).
double log_gaussian(const Gaussian& gaussian, const Points& x, std::size_t i) {
  Eigen::MatrixXd c = gaussian.covariance;
  Eigen::VectorXd rest = -gaussian.mean;
  double log = 0;
  for (Eigen::Index k = 0; k < rest.size(); ++k) rest[k] += x[static_cast<std::size_t>(k)][i];
  for (Eigen::Index k = 0; k < rest.size(); ++k) {
    log -= 0.5 * (rest[k] * rest[k] / c(k, k) + std::log(2 * std::numbers::pi * c(k, k)));
    for (Eigen::Index l = k + 1; l < rest.size(); ++l) {
      const double factor = c(l, k) / c(k, k);
      rest[l] -= factor * rest[k];
      for (Eigen::Index m = k; m < rest.size(); ++m) c(l, m) -= factor * c(k, m);
    }
  }
  return log;
}

double closed_form(const GaussianMixture& law, const Points& x, std::size_t i) {
  double density = 0;
  for (const Gaussian& c : law.components()) density += c.weight * std::exp(log_gaussian(c, x, i));
  return std::log(density);
}

std::vector<double> likelihoods(const Process& process, const std::shared_ptr<const KnownScore>& score,
                                double stop, const Points& points) {
  return log_likelihood(
      {process, score, [&](const Points& x, std::span<double> out) { score->log_density_at_stop(x, out); }, 0,
       stop},
      points);
}

}  // namespace

BOOST_AUTO_TEST_CASE(of_mixtures_in_one_two_and_ten_dimensions) {
  for (const std::size_t d : {1, 2, 10}) {
    const Process process = coupled(d);
    const GaussianMixture law = two_bumps(d);
    const Points points = some_points(d);
    const auto score = std::make_shared<KnownScore>(process, std::nullopt, law, 0, 1);
    const std::vector<double> found = likelihoods(process, score, 1, points);
    double worst = 0;
    for (std::size_t i = 0; i < points.count(); ++i)
      worst = std::max(worst, std::abs(found[i] - closed_form(law, points, i)));
    BOOST_TEST_MESSAGE(d << " dimensions: " << worst);
    BOOST_TEST(worst < 1e-8, d << " dimensions: " << worst);
  }
}

BOOST_AUTO_TEST_CASE(of_a_double_well_on_a_grid) {
  Process process;
  process.drift = {Formula::parse("x0 - x0^3", names_of(1))};
  process.diffusion = {Coefficient(1.0)};
  const GaussianMixture law(
      {{1.0, Eigen::VectorXd::Constant(1, 0.3), Eigen::MatrixXd::Constant(1, 1, 0.16)}});
  const Grid grid({Axis{"x0", -4, 4, 128}});
  const auto score = std::make_shared<KnownScore>(process, grid, law, 0, 0.5);
  Points points(1, 21);
  for (std::size_t i = 0; i < points.count(); ++i) points[0][i] = -0.9 + 0.115 * static_cast<double>(i);
  const std::vector<double> found = likelihoods(process, score, 0.5, points);
  double worst = 0;
  for (std::size_t i = 0; i < points.count(); ++i)
    worst = std::max(worst, std::abs(found[i] - closed_form(law, points, i)));
  BOOST_TEST_MESSAGE("double well: " << worst);
  BOOST_TEST(worst < 1e-6, worst);
}

/// A Gaussian under the Ornstein-Uhlenbeck process that stays what it is: the model of its score is exact.
BOOST_AUTO_TEST_CASE(of_a_score_by_formulas) {
  Process process;
  process.drift = {Formula::parse("-x0", names_of(2)), Formula::parse("-2*x1", names_of(2))};
  process.diffusion = {Coefficient(2.0), Coefficient(2.0)};
  const auto score = std::make_shared<TrialScore>(
      TrialScore::of({Formula::parse("-x0", names_of(2)), Formula::parse("-2*x1", names_of(2))}));
  const auto standard = [](const Points& x, std::span<double> out) {
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = -x[0][i] * x[0][i] / 2 - x[1][i] * x[1][i] + std::log(std::sqrt(2.0) / (2 * std::numbers::pi));
  };
  const Points points = some_points(2);
  const std::vector<double> found = log_likelihood({process, score, standard, 0, 1}, points);
  std::vector<double> exact(points.count());
  standard(points, exact);
  for (std::size_t i = 0; i < exact.size(); ++i) BOOST_TEST(std::abs(found[i] - exact[i]) < 1e-9);
}

BOOST_AUTO_TEST_CASE(without_divergence_is_refused) {
  Process process;
  process.drift = {Formula::parse("-x0", names_of(1))};
  process.diffusion = {Coefficient(2.0)};
  const auto with = [](const std::string& score) {
    return TrialScore::of({Formula::parse(score, names_of(1))});
  };
  BOOST_CHECK_NO_THROW(check_flow_likelihood(process, with("-x0")));
  BOOST_CHECK_THROW(check_flow_likelihood(process, with("where(x0 < 1, -x0, 0)")), UnfitProblem);
  BOOST_CHECK_THROW(
      check_flow_likelihood(process, TrialScore::of_exact_score({Formula::parse("-x1", names_of(2))})),
      UnfitProblem);
  process.killing = Coefficient(0.5);
  BOOST_CHECK_THROW(check_flow_likelihood(process, with("-x0")), UnfitProblem);
}
