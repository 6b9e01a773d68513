// SPDX-License-Identifier: GPL-3.0-or-later
// C(start, stop) of (3.43): reference cases, the integral of the Fisher informations, and its bound for finite data.
#include "solver/action/denoising_constant.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "grids/adaptive_quadrature.hpp"
#include "solver/law/mixture_mean.hpp"
#include "solver/process/known_processes.hpp"
#include "validation/support/reference_cases.hpp"

using namespace umkehr;

namespace {

Gaussian gaussian(double weight, double mean, double variance) {
  return {weight, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
}

const GaussianMixture bumps({gaussian(0.35, -1.2, 0.16), gaussian(0.65, 0.9, 0.3025)});

/// E |grad ln P|^2 along each axis times D_k.
double fisher(const GaussianMixture& law, const Eigen::VectorXd& diffusion) {
  const auto f = [&](const Points& x, std::vector<std::vector<double>>& out) {
    std::vector<double> score(x.count());
    std::fill(out[0].begin(), out[0].end(), 0.0);
    for (std::size_t k = 0; k < x.dimension(); ++k) {
      law.score(x, k, score);
      for (std::size_t i = 0; i < score.size(); ++i)
        out[0][i] += diffusion[static_cast<Eigen::Index>(k)] * score[i] * score[i];
    }
  };
  return mixture_mean(law, 1, f, 1e-10).value[0];
}

}  // namespace

BOOST_AUTO_TEST_CASE(reference_constants_of_the_variance_preserving_process) {
  const AffineProcess process = AffineProcess::of(variance_preserving(0.1, 20)).value();
  int seen = 0;
  for (const auto& entry : reference_cases("R8dsm")) {
    const double start = std::stod(entry["parameters"]["t0"].get<std::string>());
    const double value = entry["value"];
    BOOST_TEST(std::abs(denoising_constant(process, bumps, 0, start, 1) - value) < 1e-11);
    ++seen;
  }
  BOOST_TEST(seen == 3);
}

BOOST_AUTO_TEST_CASE(information_lost_is_the_integral_of_the_fisher_informations) {
  // Coupled axes, a noise of its own for each that is not the friction, and a start that is not 0.
  const std::vector<std::string> xy = {"x", "y"};
  const auto parse = [&](const char* text) { return Formula::parse(text, {xy, {}}); };
  const Process process{
      {parse("-x + 0.7*y*t"), parse("-0.5*x + 0.2*y + 1")}, {parse("1 + t"), parse("0.4")}, 0.0, {}};
  const AffineProcess affine = AffineProcess::of(process).value();
  Eigen::MatrixXd covariance(2, 2);
  covariance << 0.3, 0.1, 0.1, 0.2;
  const GaussianMixture initial(
      {{1, Eigen::Vector2d(-1, 0.5), covariance}, {3, Eigen::Vector2d(1, 0), 2 * covariance}});
  const double origin = -0.3, start = -0.1, stop = 0.9;
  const auto rate = [&](double t) {
    const Eigen::VectorXd diffusion = affine.diffusion(t);
    const GaussianMixture kernel = affine.transition(Eigen::Vector2d::Zero(), origin, t);
    const GaussianMixture law =
        affine.push(GaussianMixture({{0.25, initial.components()[0].mean, covariance},
                                     {0.75, initial.components()[1].mean, 2 * covariance}}),
                    origin, t);
    return std::vector<double>{0.5 * (fisher(kernel, diffusion) - fisher(law, diffusion))};
  };
  const double integral = integrate(rate, start, stop, {.tolerance = 1e-7}).value[0];
  BOOST_TEST(std::abs(denoising_constant(affine, initial, origin, start, stop) - integral) < 1e-9);
}

BOOST_AUTO_TEST_CASE(finite_data_cannot_tell_more_than_the_logarithm_of_their_number) {
  const AffineProcess process = AffineProcess::of(variance_preserving(0.1, 20)).value();
  Points samples(1, 16);
  for (std::size_t n = 0; n < 16; ++n) samples[0][n] = -2 + 0.25 * static_cast<double>(n);
  const GaussianMixture data = empirical_law(samples);
  double before = std::log(16.0);
  BOOST_TEST(std::abs(mutual_information(process, data, 0, 0) - before) < 1e-14);
  for (const double t : {1e-6, 1e-3, 1e-2, 0.1, 0.5}) {
    const double now = mutual_information(process, data, 0, t);
    BOOST_TEST(now <= before + 1e-12);
    before = now;
  }
  BOOST_TEST(std::abs(mutual_information(process, data, 0, 1e-5) - std::log(16.0)) < 1e-12);
  samples[0][0] = samples[0][1];  // two that are one
  BOOST_TEST(std::abs(mutual_information(process, empirical_law(samples), 0, 0) -
                      (std::log(16.0) - std::log(4.0) / 16 * 1)) < 1e-14);
}

BOOST_AUTO_TEST_CASE(many_data_take_one_quadrature_for_all) {
  const AffineProcess process = AffineProcess::of(variance_preserving(0.1, 20)).value();
  // A dense set on a line is nearly a uniform law: its entropy from a direct sum of the exact density.
  Points samples(1, 400);
  for (std::size_t n = 0; n < 400; ++n) samples[0][n] = std::sin(0.37 * static_cast<double>(n * n));
  const GaussianMixture law = process.push(empirical_law(samples), 0, 0.05);
  Points x(1, 20001);
  for (std::size_t i = 0; i < x.count(); ++i) x[0][i] = -4 + 8.0 * static_cast<double>(i) / 20000;
  std::vector<double> density(x.count());
  law.density(x, density);
  double sum = 0;
  for (const double p : density) sum -= p > 0 ? p * std::log(p) * 8.0 / 20000 : 0;
  BOOST_TEST(std::abs(law.entropy() - sum) < 1e-11);
}

BOOST_AUTO_TEST_CASE(what_is_not_defined_is_refused) {
  Process killed = variance_preserving(0.1, 20);
  killed.killing = 0.5;
  BOOST_CHECK_THROW(denoising_constant(AffineProcess::of(killed).value(), bumps, 0, 0.1, 1),
                    std::invalid_argument);
  const AffineProcess process = AffineProcess::of(variance_preserving(0.1, 20)).value();
  BOOST_CHECK_THROW(denoising_constant(process, bumps, 0.5, 0.1, 1), std::invalid_argument);
  BOOST_TEST(std::isinf(denoising_constant(process, bumps, 0, 0, 1)));
}
