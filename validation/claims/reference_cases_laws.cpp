// SPDX-License-Identifier: GPL-3.0-or-later
// Reference cases R1 (moments, 2.34-2.36), R2 (mixtures, 2.5, 2.6) and R3 (killed kernels and expectations, 2.28-2.33),
// computed elsewhere by two methods each, to their digits or 1e-10, whichever is coarser.
#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "solver/law/affine.hpp"
#include "solver/process/known_processes.hpp"
#include "validation/support/reference_cases.hpp"

namespace {

using namespace umkehr;
using Json = nlohmann::json;

/// Relative to the digits that the case gives, at most ten of them.
void check(const Json& entry, double value) {
  const double expected = entry["value"], digits = entry["digits"];
  const double tolerance = std::pow(10, 1 - std::min(digits, 14.0));
  const double allowed = std::min(1e-10, tolerance) * std::abs(expected);
  BOOST_TEST(std::abs(value - expected) <= allowed, entry["id"] << " " << entry["quantity"] << " "
                                                                << entry["parameters"] << ": " << value
                                                                << " is not " << expected);
}

/// A parameter that is written as a number or as text.
double number(const Json& value) {
  return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
}

/// Reference formulas leave multiplication signs out.
std::string spelled(std::string text) {
  for (const auto& [from, to] : {std::pair{"cos x", "cos(x)"}, {" t", "*t"}, {" x", "*x"}, {"0.4x", "0.4*x"}})
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from))
      text.replace(at, std::string(from).size(), to);
  return text;
}

Formula formula(const Json& text) {
  return Formula::parse(text.is_string() ? spelled(text.get<std::string>())
                                         : std::to_string(text.get<double>()));
}

Process linear_process(const Json& parameters) {
  const std::string beta = parameters["beta"], diffusion = parameters["D"];
  if (beta.find("tan") != std::string::npos) return variance_preserving_cosine(0.008);
  const Formula rate = formula(beta);
  return ornstein_uhlenbeck(rate, diffusion == "=beta" ? rate : formula(diffusion));
}

Gaussian from_point(const Process& process, double x, double start, double stop) {
  return AffineProcess::of(process)->transition(Eigen::VectorXd::Constant(1, x), start, stop).components()[0];
}

/// int f(x) w N(x; m, C) dx, independent of how densities are evaluated.
double expectation(const Gaussian& law, const std::function<double(double)>& f) {
  const double deviation = std::sqrt(law.covariance(0, 0)), mean = law.mean[0];
  const auto integrand = [&](double z) { return f(mean + deviation * z) * std::exp(-0.5 * z * z); };
  using Rule = boost::math::quadrature::gauss_kronrod<double, 61>;
  return law.weight * Rule::integrate(integrand, -13.0, 13.0, 12, 1e-14) / std::sqrt(2 * std::acos(-1.0));
}

double value_at(const GaussianMixture& law, const std::vector<double>& point) {
  Points x(point.size(), 1);
  for (std::size_t k = 0; k < point.size(); ++k) x[k][0] = point[k];
  double value = 0;
  law.density(x, {&value, 1});
  return value;
}

double score_at(const GaussianMixture& law, const std::vector<double>& point, std::size_t axis) {
  Points x(point.size(), 1);
  for (std::size_t k = 0; k < point.size(); ++k) x[k][0] = point[k];
  double value = 0;
  law.score(x, axis, {&value, 1});
  return value;
}

double integral(const std::function<double(double)>& f) {
  double sum = 0;
  for (double left = -9; left < 9; left += 0.5)
    sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(f, left, left + 0.5, 5, 1e-14);
  return sum;
}

}  // namespace

BOOST_AUTO_TEST_CASE(moments_from_a_point) {
  for (const char* id : {"R1a", "R1b", "R1c", "R1d"})
    for (const Json& entry : reference_cases(id)) {
      const Json& parameters = entry["parameters"];
      const Process process = linear_process(parameters);
      const double start = number(parameters["t0"]), stop = number(parameters["t"]);
      const Gaussian law = from_point(process, 1, start, stop);
      const std::string quantity = entry["quantity"];
      if (quantity == "mean_factor m")
        check(entry, law.mean[0]);
      else if (quantity == "variance v")
        check(entry, law.covariance(0, 0));
    }
}

BOOST_AUTO_TEST_CASE(the_printed_variance_is_right_only_for_proportional_coefficients) {
  for (const char* id : {"R1a", "R1b", "R1c", "R1d"})
    for (const Json& entry : reference_cases(id)) {
      if (entry["quantity"] != "variance per printed (2.35)") continue;
      const Json& parameters = entry["parameters"];
      const Process process = linear_process(parameters);
      const double start = number(parameters["t0"]), stop = number(parameters["t"]);
      const Gaussian law = from_point(process, 1, start, stop);
      // Printed: v = D/beta (1 - exp(-int beta)), with exp(-int beta) = m^2 and beta = -2 F(1).
      const double beta = -2 * process.drift[0](std::vector{1.0}, stop);
      const double printed = process.diffusion[0](stop) / beta * (1 - law.mean[0] * law.mean[0]);
      check(entry, printed);
      const bool is_proportional = std::string(id) != "R1c";
      const double error = std::abs(printed / law.covariance(0, 0) - 1);
      BOOST_TEST((error < 1e-12) == is_proportional);
      BOOST_TEST((error > 0.05) == !is_proportional);
    }
}

BOOST_AUTO_TEST_CASE(mixtures_under_the_variance_preserving_process) {
  const auto affine = AffineProcess::of(variance_preserving(0.1, 20));
  for (const Json& entry : reference_cases("R2")) {
    const Json& parameters = entry["parameters"];
    std::vector<Gaussian> bumps;
    for (std::size_t c = 0; c < 2; ++c) {
      const Json& data = parameters["data"];
      const double deviation = data["stds"][c];
      bumps.push_back({data["weights"][c], Eigen::VectorXd::Constant(1, data["means"][c].get<double>()),
                       Eigen::MatrixXd::Constant(1, 1, deviation * deviation)});
    }
    const GaussianMixture law = affine->push(GaussianMixture(bumps), 0, number(parameters["t"]));
    const auto density = [&](double x) { return value_at(law, {x}); };
    const auto score = [&](double x) { return score_at(law, {x}, 0); };
    const double second = law.covariance()(0, 0) + law.mean()[0] * law.mean()[0];
    const std::string quantity = entry["quantity"];
    if (quantity == "P(x,t)")
      check(entry, density(number(parameters["x"])));
    else if (quantity == "score d/dx ln P")
      check(entry, score(number(parameters["x"])));
    else if (quantity == "differential entropy h(P_t)")
      check(entry, law.entropy());
    else if (quantity == "mean")
      check(entry, law.mean()[0]);
    else if (quantity == "E[x^2]")
      check(entry, second);
    else if (quantity == "Fisher information E[score^2]")
      check(entry, integral([&](double x) { return density(x) * score(x) * score(x); }));
    else if (quantity == "KL(P_t||N(0,1))")
      BOOST_TEST(std::abs(-law.entropy() + 0.5 * (std::log(2 * std::acos(-1.0)) + second) -
                          entry["value"].get<double>()) < 1e-12);
    else
      BOOST_ERROR("unknown quantity " << quantity);
  }
}

BOOST_AUTO_TEST_CASE(mixtures_in_two_dimensions) {
  const auto affine = AffineProcess::of(variance_preserving(0.1, 20, 2));
  for (const Json& entry : reference_cases("R2_2D")) {
    const Json& parameters = entry["parameters"];
    std::vector<Gaussian> bumps;
    for (std::size_t c = 0; c < parameters["weights"].size(); ++c) {
      Gaussian bump{parameters["weights"][c], Eigen::VectorXd(2), Eigen::MatrixXd(2, 2)};
      for (Eigen::Index k = 0; k < 2; ++k) {
        const auto row = static_cast<std::size_t>(k);
        bump.mean[k] = parameters["means"][c][row];
        for (Eigen::Index j = 0; j < 2; ++j)
          bump.covariance(k, j) = parameters["covs"][c][row][static_cast<std::size_t>(j)];
      }
      bumps.push_back(bump);
    }
    BOOST_TEST_REQUIRE(parameters["schedule"] == "VP t=0.3");
    const GaussianMixture law = affine->push(GaussianMixture(bumps), 0, 0.3);
    const std::vector<double> x = parameters["x"];
    const std::string quantity = entry["quantity"];
    if (quantity == "P(x,t)")
      check(entry, value_at(law, x));
    else
      check(entry, score_at(law, x, quantity == "score[0]" ? 0 : 1));
  }
}

BOOST_AUTO_TEST_CASE(killed_kernels_and_expectations) {
  for (const char* id : {"R3a", "R3b", "R3c", "R3e", "R3g"})
    for (const Json& entry : reference_cases(id)) {
      const Json& parameters = entry["parameters"];
      const Process process{
          {formula(parameters["F"])}, {number(parameters["D"])}, formula(parameters["V"]), {}};
      const Gaussian law = from_point(process, number(parameters["xi"]), 0, number(parameters["T"]));
      const std::string quantity = entry["quantity"];
      if (quantity.starts_with("K("))
        check(entry, value_at(GaussianMixture({law}), {number(parameters["x"])}));
      else if (!parameters.contains("J1") || parameters["J1"] == "1")
        check(entry, law.weight);
      else {
        const Formula terminal = formula(parameters["J1"]);
        check(entry, expectation(law, [&](double x) { return terminal(std::vector{x}, 0); }));
      }
    }
}
