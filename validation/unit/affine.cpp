// SPDX-License-Identifier: GPL-3.0-or-later
// Closed-form laws of affine processes against other routes to them: composition over time, rotations, matrix
// exponentials, Boost.Odeint on the moment equations, and the pole of a negative quadratic killing.
#include <rapidcheck.h>
#include <algorithm>
#include <boost/numeric/odeint.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "grids/failure.hpp"
#include "solver/law/affine.hpp"
#include "solver/process/known_processes.hpp"

namespace {

using namespace umkehr;

Formula formula(const std::string& text, std::size_t dimension = 1) {
  const std::vector<std::string> axes = {"x", "y", "z"};
  return Formula::parse(text, {{axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(dimension)}, {}});
}

Process in_one_dimension(const std::string& drift, const std::string& diffusion,
                         const std::string& killing = "0") {
  return {{formula(drift)}, {formula(diffusion)}, formula(killing), {}};
}

Gaussian push(const Process& process, const Gaussian& initial, double start, double stop) {
  return AffineProcess::of(process)->push(GaussianMixture({initial}), start, stop).components()[0];
}

Gaussian normal(double mean, double variance, double weight = 1) {
  return {weight, Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
}

double distance(const Gaussian& a, const Gaussian& b) {
  return std::max({(a.mean - b.mean).norm() / (1 + b.mean.norm()),
                   (a.covariance - b.covariance).norm() / b.covariance.norm(),
                   std::abs(a.weight / b.weight - 1)});
}

std::string coefficient(double low, double high) {
  const int thousandths = *rc::gen::inRange(0, 1000);
  return std::to_string(low + (high - low) * thousandths / 1000.0);
}

std::string linear_form(double size) {
  std::string text = coefficient(-size, size);
  for (const char* x : {"x", "y", "z"}) text += " + " + coefficient(-size, size) + "*" + x;
  return text + " + " + coefficient(-size, size) + "*" + *rc::gen::element<std::string>("x", "y", "z") +
         "*sin(3*t)";
}

/// Any affine drift and any positive quadratic killing with a linear part, all changing with time.
Process random_process() {
  Process process;
  for (int k = 0; k < 3; ++k) {
    process.drift.emplace_back(formula(linear_form(1.5), 3));
    process.diffusion.emplace_back(formula(coefficient(0.1, 2) + "*(1.2 + cos(2*t))", 3));
  }
  process.killing = formula("(1 + t)*(" + linear_form(0.7) + ")^2/2 + z*t + cos(t)", 3);
  return process;
}

}  // namespace

BOOST_AUTO_TEST_CASE(composition_over_random_times_in_three_dimensions) {
  const bool holds = rc::check("Chapman-Kolmogorov", [] {
    const auto affine = AffineProcess::of(random_process());
    RC_ASSERT(affine.has_value());
    Gaussian initial{0.7, Eigen::Vector3d(0.3, -1, 0.5), Eigen::Matrix3d::Zero()};
    if (*rc::gen::arbitrary<bool>()) initial.covariance = Eigen::Vector3d(0.4, 0.1, 1.3).asDiagonal();
    const double middle = 0.1 + 0.001 * *rc::gen::inRange(0, 1000);
    const GaussianMixture start({initial});
    const GaussianMixture whole = affine->push(start, 0.1, 1.2);
    const GaussianMixture parts = affine->push(affine->push(start, 0.1, middle), middle, 1.2);
    RC_ASSERT(distance(parts.components()[0], whole.components()[0]) < 2e-12);
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(moment_equations_by_another_integrator) {
  // d(m, C, ln w)/ds as in affine.hpp for A = -1 - sin s, b = s, D = 1 + s, V = (2 + s) x^2/2 + x/2 + cos s.
  using State = std::vector<double>;
  State state = {0.4, 0.2, 0};
  const auto moments = [](const State& y, State& dy, double s) {
    const double m = y[0], c = y[1], a = -1 - std::sin(s), curvature = 2 + s;
    dy = {a * m + s - c * (curvature * m + 0.5), 2 * a * c + 1 + s - c * curvature * c,
          -(curvature * c / 2 + curvature * m * m / 2 + m / 2 + std::cos(s))};
  };
  using Stepper = boost::numeric::odeint::runge_kutta_dopri5<State>;
  boost::numeric::odeint::integrate_adaptive(boost::numeric::odeint::make_controlled<Stepper>(1e-14, 1e-14),
                                             moments, state, 0.3, 2.0, 1e-3);
  const Gaussian law = push(in_one_dimension("(-1 - sin(t))*x + t", "1 + t", "(2 + t)*x^2/2 + x/2 + cos(t)"),
                            normal(0.4, 0.2), 0.3, 2.0);
  BOOST_TEST(law.mean[0] == state[0], boost::test_tools::tolerance(1e-12));
  BOOST_TEST(law.covariance(0, 0) == state[1], boost::test_tools::tolerance(1e-12));
  BOOST_TEST(std::log(law.weight) == state[2], boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(rotation_about_an_oblique_axis) {
  // F = omega x (x - c) turns; an isotropic Brownian noise stays isotropic.
  const double angle = 2.5, root = std::sqrt(3.0);
  const std::string w = std::to_string(1 / root);
  Process process{
      {formula(w + "*((z - 1) - y)", 3), formula(w + "*(x - (z - 1))", 3), formula(w + "*(y - x)", 3)},
      {0.3, 0.3, 0.3},
      0.0,
      {}};
  const double speed = std::stod(w) * root;
  const Gaussian law =
      push(process, {1, Eigen::Vector3d(1, 0, 1), Eigen::Matrix3d::Zero()}, 0, angle / speed);
  // Rodrigues' rotation of (1, 0, 0) about (1, 1, 1)/sqrt(3), shifted by (0, 0, 1).
  const double c = std::cos(angle), s = std::sin(angle) / root, r = (1 - c) / 3;
  BOOST_TEST((law.mean - Eigen::Vector3d(c + r, s + r, r - s + 1)).norm() < 1e-13);
  BOOST_TEST((law.covariance - 0.3 * angle / speed * Eigen::Matrix3d::Identity()).norm() < 1e-13);
}

BOOST_AUTO_TEST_CASE(cosine_schedule_up_to_its_pole) {
  const double offset = 0.008;
  const auto product = [&](double t) {
    return std::cos(std::numbers::pi / 2 * (t + offset) / (1 + offset)) /
           std::cos(std::numbers::pi / 2 * offset / (1 + offset));
  };
  for (const double stop : {0.5, 0.9, 0.99, 0.999}) {
    const Gaussian law = push(variance_preserving_cosine(offset), normal(1, 0), 0, stop);
    BOOST_TEST(law.mean[0] == product(stop), boost::test_tools::tolerance(3e-13));
    BOOST_TEST(law.covariance(0, 0) == 1 - product(stop) * product(stop),
               boost::test_tools::tolerance(1e-13));
  }
}

BOOST_AUTO_TEST_CASE(noise_that_vanishes_at_the_start) {
  // sub-VP: v = (1 - exp(-B))^2, B = int beta, so v = O(t^2) and beta_min = 0 makes it O(t^4).
  for (const double beta_min : {0.0, 0.1})
    for (const double t : {1e-4, 1e-2, 0.3, 1.0}) {
      const double integral = beta_min * t + 0.5 * (20 - beta_min) * t * t;
      const Gaussian law = push(sub_variance_preserving(beta_min, 20), normal(2, 0), 0, t);
      BOOST_TEST(law.mean[0] == 2 * std::exp(-integral / 2), boost::test_tools::tolerance(1e-13));
      BOOST_TEST(law.covariance(0, 0) == std::pow(std::expm1(-integral), 2),
                 boost::test_tools::tolerance(1e-13));
    }
}

BOOST_AUTO_TEST_CASE(exploding_variance) {
  for (const double t : {0.01, 0.5, 1.0}) {
    const Gaussian law = push(variance_exploding(0.01, 50), normal(-1, 0.3), 0, t);
    BOOST_TEST(law.covariance(0, 0) == 0.3 + 1e-4 * (std::pow(5000, 2 * t) - 1),
               boost::test_tools::tolerance(1e-13));
    BOOST_TEST(law.mean[0] == -1.0, boost::test_tools::tolerance(1e-13));
  }
}

BOOST_AUTO_TEST_CASE(coefficients_with_jumps_and_roots) {
  const Gaussian jump =
      push(in_one_dimension("-where(t < 0.3, 1, 4)*x", "where(t < 0.7, 2, 1)"), normal(1, 0), 0, 1);
  BOOST_TEST(jump.mean[0] == std::exp(-0.3 - 2.8), boost::test_tools::tolerance(2e-13));
  const Gaussian root = push(in_one_dimension("0", "sqrt(t)"), normal(1, 0), 0, 1);
  BOOST_TEST(root.covariance(0, 0) == 2.0 / 3, boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(stiff_and_long_runs_reach_the_stationary_law) {
  const Gaussian law = push(in_one_dimension("-500*(x - 2)", "3"), normal(9, 4), 0, 100);
  BOOST_TEST(law.mean[0] == 2.0, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(law.covariance(0, 0) == 0.003, boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(negative_quadratic_killing) {
  // Brownian with V = -k^2 x^2/2: C = tan(k t)/k from a point, ln w = -ln(cos(k t))/2, until k t = pi/2.
  const double k = 1.5;
  for (const char* killing : {"-1.5^2*x^2/2", "-where(t < 100, 1.5^2, 0)*x^2/2"}) {
    const Process process = in_one_dimension("0", "1", killing);
    for (const double t : {0.2, 0.9, 1.04}) {
      const Gaussian law = push(process, normal(0, 0), 0, t);
      BOOST_TEST(law.covariance(0, 0) == std::tan(k * t) / k, boost::test_tools::tolerance(1e-12));
      BOOST_TEST(law.weight == 1 / std::sqrt(std::cos(k * t)), boost::test_tools::tolerance(1e-12));
    }
    // An initial variance c diverges earlier, where tan(k t) = 1/(k c).
    for (const double stop : {1.05, 3.0, 50.0})
      BOOST_CHECK_THROW(push(process, normal(0, 0), 0, stop), UnfitProblem);
    const double pole = std::atan(1 / (k * 2.0)) / k;
    BOOST_CHECK_NO_THROW(push(process, normal(0, 2), 0, 0.999 * pole));
    for (const double stop : {1.001 * pole, 2.5, 4.4})
      BOOST_CHECK_THROW(push(process, normal(0, 2), 0, stop), UnfitProblem);
  }
}

BOOST_AUTO_TEST_CASE(isotropic_divergence_does_not_hide_behind_a_positive_determinant) {
  const Process process{{0.0, 0.0}, {1.0, 1.0}, formula("-(x^2 + y^2)/2", 2), {}};
  const Gaussian start{1, Eigen::Vector2d::Zero(), 0.5 * Eigen::Matrix2d::Identity()};
  for (const double stop : {1.2, 2.0, 3.0}) BOOST_CHECK_THROW(push(process, start, 0, stop), UnfitProblem);
}

BOOST_AUTO_TEST_CASE(many_components_are_pushed_alike) {
  const Process process = in_one_dimension("-x*(1 + t)", "2", "x^2/2");
  std::vector<Gaussian> components;
  for (int i = 0; i < 50; ++i) components.push_back(normal(0.1 * i, 0.02 * i, 0.02));
  const GaussianMixture together = AffineProcess::of(process)->push(GaussianMixture(components), 0, 1);
  for (std::size_t i = 0; i < components.size(); ++i)
    BOOST_TEST(distance(push(process, components[i], 0, 1), together.components()[i]) == 0.0);
}

BOOST_AUTO_TEST_CASE(what_is_affine) {
  const auto is_affine = [](const Process& process) { return AffineProcess::of(process).has_value(); };
  BOOST_TEST(is_affine(in_one_dimension("2*(x + 1) - x*(3 + t) + t*x", "1 + t")));
  BOOST_TEST(is_affine(in_one_dimension("-x*sin(t) + exp(t)", "1", "(x - t)^2")));
  BOOST_TEST(!is_affine(in_one_dimension("x - x^3", "1")));
  BOOST_TEST(!is_affine(in_one_dimension("-x", "1", "x^4")));
  BOOST_TEST(!is_affine(in_one_dimension("-x", "1 + x^2")));
  BOOST_TEST(
      !is_affine({{pointwise([](std::span<const double> x, double) { return -x[0]; })}, {1.0}, 0.0, {}}));
  BOOST_TEST(is_affine(brownian(1.0, 3)));
  BOOST_TEST(is_affine(variance_preserving(0.1, 20, 2)));
  BOOST_TEST(!is_affine(double_well(0.5)));
  BOOST_TEST(!AffineProcess::of(brownian(1.0))->is_killed());
  BOOST_TEST(AffineProcess::of(in_one_dimension("-x", "1", "0.1"))->is_killed());
}
