// SPDX-License-Identifier: GPL-3.0-or-later
// The closed form of bridges between Gaussians against the reference cases, the Schroedinger system by quadrature on a
// grid, its own differential equations, and what it tends to when the noise is weak or strong.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdio>
#include <functional>
#include <numbers>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "solver/bridge/gaussian_bridge.hpp"
#include "validation/support/reference_cases.hpp"

namespace {

using namespace umkehr;
using boost::test_tools::tolerance;
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

Formula formula(const std::string& text, std::size_t dimension) {
  const std::vector<std::string> axes = {"x", "y", "z"};
  return Formula::parse(text, {{axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(dimension)}, {}});
}

AffineProcess affine(const std::vector<std::string>& drift, const std::vector<std::string>& diffusion,
                     const std::string& killing = "0") {
  Process process;
  for (const std::string& text : drift) process.drift.emplace_back(formula(text, drift.size()));
  for (const std::string& text : diffusion) process.diffusion.emplace_back(formula(text, drift.size()));
  process.killing = formula(killing, drift.size());
  return AffineProcess::of(process).value();
}

Gaussian normal(double mean, double variance) {
  return {1, Vector::Constant(1, mean), Matrix::Constant(1, 1, variance)};
}

double number(const nlohmann::json& value) {
  return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
}

Vector vector(const nlohmann::json& list) {
  Vector v(static_cast<Eigen::Index>(list.size()));
  for (Eigen::Index k = 0; k < v.size(); ++k) v[k] = list[static_cast<std::size_t>(k)].get<double>();
  return v;
}

Matrix matrix(const nlohmann::json& rows) {
  const auto d = static_cast<Eigen::Index>(rows.size());
  Matrix m(d, d);
  for (Eigen::Index k = 0; k < d; ++k) m.row(k) = vector(rows[static_cast<std::size_t>(k)]);
  return m;
}

/// What the closed form says about one line of a reference case in one dimension.
double in_one_dimension(const nlohmann::json& entry) {
  const auto& p = entry["parameters"];
  const AffineProcess process =
      affine({p["b"].get<std::string>().insert(p["b"].get<std::string>().find(' '), "*")}, {p["D"]},
             p["V"].get<std::string>().replace(p["V"].get<std::string>().find(' '), 1, "*"));
  const GaussianBridge bridge(process, normal(number(p["mi"]), number(p["vi"])),
                              normal(number(p["mf"]), number(p["vf"])), 0, number(p["T"]));
  const std::string quantity = entry["quantity"];
  if (quantity.starts_with("endpoint covariance")) return bridge.ends().covariance(0, 1);
  if (quantity.starts_with("D_KL")) return bridge.divergence();
  const double t = p.contains("t") ? number(p["t"]) : std::nextafter(number(p["T"]), 0.0);
  if (quantity.find("mean") != std::string::npos) return bridge.density(t).mean[0];
  if (quantity.find("variance") != std::string::npos) return bridge.density(t).covariance(0, 0);
  return quantity.ends_with("R") ? bridge.control(t).offset[0] : bridge.control(t).slope(0, 0);
}

}  // namespace

BOOST_AUTO_TEST_CASE(reference_cases_in_one_dimension) {
  for (const char* id : {"R4a", "R4c", "R4d"})
    for (const nlohmann::json& entry : reference_cases(id)) {
      const double digits = std::min(13.0, entry["digits"].get<double>());
      BOOST_TEST_CONTEXT(entry)
      BOOST_TEST(in_one_dimension(entry) == entry["value"].get<double>(),
                 tolerance(std::pow(10, 1 - digits)));
    }
}

BOOST_AUTO_TEST_CASE(reference_case_in_two_dimensions) {
  for (const nlohmann::json& entry : reference_cases("R4_2D")) {
    const auto& p = entry["parameters"];
    const std::string noise = std::to_string(p["D"].get<double>());
    const GaussianBridge bridge(affine({"0", "0"}, {noise, noise}), {1, vector(p["mi"]), matrix(p["Si"])},
                                {1, vector(p["mf"]), matrix(p["Sf"])}, 0, p["T"].get<double>());
    const std::string quantity = entry["quantity"];
    const std::size_t bracket = quantity.find('[');
    const Eigen::Index k = bracket == std::string::npos ? 0 : quantity[bracket + 1] - '0';
    const Eigen::Index l = bracket == std::string::npos ? 0 : quantity[bracket + 4] - '0';
    const double value = quantity.starts_with("cov")    ? bridge.ends().covariance(k, 2 + l)
                         : quantity.starts_with("D_KL") ? bridge.divergence()
                         : quantity.starts_with("Cov")  ? bridge.density(p["t"]).covariance(k, l)
                                                        : bridge.control(p["t"]).slope(k, l);
    BOOST_TEST_CONTEXT(entry)
    BOOST_TEST(value == entry["value"].get<double>(), tolerance(2e-13));
  }
}

namespace {

/// Everything that a reference process may have: rotation, drift that changes with time, its own noise for each axis,
/// killing of either sign, a start other than 0.
struct Example {
  AffineProcess process =
      affine({"-(0.3 + t)*x + 0.8*y + sin(2*t)", "-0.9*x - 0.4*y + 0.2*t"}, {"0.5 + t^2", "1.1 - 0.3*t"},
             "0.4*x^2 - 0.25*x*y - 0.2*y^2 + 0.3*x - 0.1*t*y + 0.7*t");
  Gaussian initial{1, Eigen::Vector2d(-0.7, 0.4), (Matrix(2, 2) << 0.5, 0.2, 0.2, 0.3).finished()};
  Gaussian final{1, Eigen::Vector2d(0.9, 0.6), (Matrix(2, 2) << 0.2, -0.1, -0.1, 0.6).finished()};
  double start = 0.3, stop = 1.5;
  GaussianBridge bridge{process, initial, final, start, stop};
};

/// f'(t) by differences of order 8.
double derivative(const std::function<double(double)>& f, double t, double h) {
  const double c[4] = {4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280};
  double sum = 0;
  for (int i = 0; i < 4; ++i) sum += c[i] * (f(t + (i + 1) * h) - f(t - (i + 1) * h)) / h;
  return sum;
}

/// Mean and covariance at `stop` under dx = (F + u) ds + sqrt(D) dW, by the classical Runge-Kutta scheme.
Gaussian follow_control(const Example& e, int steps) {
  Gaussian law = e.initial;
  const auto rate = [&](const Gaussian& at, double t) {
    const AffineControl u = e.bridge.control(t);
    const Matrix slope = e.process.slope(t) + u.slope;
    return Gaussian{0, slope * at.mean + e.process.offset(t) + u.offset,
                    slope * at.covariance + at.covariance * slope.transpose() +
                        Matrix(e.process.diffusion(t).asDiagonal())};
  };
  const auto moved = [](const Gaussian& at, double h, const Gaussian& k) {
    return Gaussian{1, at.mean + h * k.mean, at.covariance + h * k.covariance};
  };
  const double h = (e.stop - e.start) / steps;
  for (int n = 0; n < steps; ++n) {
    const double t = e.start + n * h, next = std::min(t + h, e.stop);
    const Gaussian a = rate(law, t), b = rate(moved(law, h / 2, a), t + h / 2),
                   c = rate(moved(law, h / 2, b), t + h / 2), d = rate(moved(law, h, c), next);
    for (const auto& [k, weight] :
         {std::pair(a, 1.0), std::pair(b, 2.0), std::pair(c, 2.0), std::pair(d, 1.0)})
      law = moved(law, h * weight / 6, k);
  }
  return law;
}

}  // namespace

BOOST_AUTO_TEST_CASE(chi_solves_the_backward_equation) {
  // d ln chi/ds + F.grad ln chi + sum D_k/2 (d_k^2 ln chi + (d_k ln chi)^2) - V = 0
  const Example e;
  const Eigen::Vector2d x(0.3, -1.1);
  for (const double t : {0.5, 0.9, 1.2}) {
    const Quadratic chi = e.bridge.log_chi(t);
    const Vector slope = chi.slope(x), noise = e.process.diffusion(t);
    const double change = derivative([&](double s) { return e.bridge.log_chi(s)(x); }, t, 0.005);
    double rest = slope.dot(e.process.slope(t) * x + e.process.offset(t)) - e.process.killing_rate(t) -
                  e.process.killing_slope(t).dot(x) -
                  0.5 * x.dot((e.process.killing_curvature(t) * x).eval());
    for (Eigen::Index k = 0; k < 2; ++k) rest += noise[k] / 2 * (slope[k] * slope[k] - chi.curvature(k, k));
    BOOST_TEST(change == -rest, tolerance(1e-10));
  }
}

BOOST_AUTO_TEST_CASE(control_leads_from_end_to_end) {
  const Example e;
  double last = 0;
  for (const int steps : {25, 50, 100, 200}) {
    const Gaussian law = follow_control(e, steps);
    const double error = (law.mean - e.final.mean).norm() + (law.covariance - e.final.covariance).norm();
    if (last > 0) BOOST_TEST(std::log2(last / error) > 3.8);
    last = error;
  }
  BOOST_TEST(last < 1e-7);
}

BOOST_AUTO_TEST_CASE(potentials_meet_the_ends_and_the_gauge) {
  const Example e;
  for (const double t : {e.start, 0.8, e.stop}) {
    const Gaussian law = e.bridge.density(t);
    const Vector x = law.mean + Eigen::Vector2d(0.7, -0.4);
    BOOST_TEST(e.bridge.log_chi(t)(x) + e.bridge.log_chi_hat(t)(x) == log_normal(law)(x), tolerance(1e-13));
  }
  const auto near = [](const Gaussian& a, const Gaussian& b) {
    return (a.mean - b.mean).norm() + (a.covariance - b.covariance).norm() < 1e-9;
  };
  BOOST_TEST(near(e.bridge.density(e.start + 1e-11), e.initial));
  BOOST_TEST(near(e.bridge.density(e.stop - 1e-11), e.final));
  BOOST_TEST(e.bridge.log_chi(e.start).mean(e.initial) == 0.0, tolerance(1e-13));
  BOOST_TEST(e.bridge.log_chi(e.stop).mean(e.final) == e.bridge.divergence(), tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(divergence_is_the_action) {
  const Example e;
  BOOST_TEST(e.bridge.action() == e.bridge.divergence(), tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(schroedinger_system_by_quadrature) {
  // chi_i = G chi_f, chi_hat_f = G^T chi_hat_i on a grid, by Fortet's iteration.
  const AffineProcess process = affine({"(0.5 - 2*t)*x + 1 + t"}, {"0.4 + t"}, "-0.3*x^2 + 0.5*x + t");
  const Gaussian initial = normal(-0.8, 0.3), final = normal(1.2, 0.15);
  const double start = -0.4, stop = 0.7, h = 0.04;
  const GaussianBridge bridge(process, initial, final, start, stop);
  const Eigen::Index n = 250;
  Matrix kernel(n, n);
  Vector p(n), q(n), chi = Vector::Ones(n), hat(n);
  const auto node = [&](Eigen::Index i) { return -5 + h * static_cast<double>(i); };
  for (Eigen::Index j = 0; j < n; ++j) {
    const Gaussian law = process.transition(Vector::Constant(1, node(j)), start, stop).components()[0];
    const Quadratic log = log_normal(law);
    for (Eigen::Index i = 0; i < n; ++i)
      kernel(i, j) = h * law.weight * std::exp(log(Vector::Constant(1, node(i))));
    p[j] = std::exp(log_normal(initial)(Vector::Constant(1, node(j))));
    q[j] = std::exp(log_normal(final)(Vector::Constant(1, node(j))));
  }
  for (int sweep = 0; sweep < 400; ++sweep) {
    hat = p.cwiseQuotient(kernel.transpose() * chi);
    chi = q.cwiseQuotient(kernel * hat);
  }
  const Vector chi_initial = kernel.transpose() * chi;
  double gauge = 0;
  for (Eigen::Index j = 0; j < n; ++j) gauge += h * p[j] * std::log(chi_initial[j]);
  double divergence = -gauge;
  for (Eigen::Index i = 0; i < n; ++i) {
    divergence += h * q[i] * std::log(chi[i]);
    const Vector x = Vector::Constant(1, node(i));
    if (q[i] > 1e-4) BOOST_TEST(std::abs(std::log(chi[i]) - gauge - bridge.log_chi(stop)(x)) < 1e-9);
    if (p[i] > 1e-4) BOOST_TEST(std::abs(std::log(chi_initial[i]) - gauge - bridge.log_chi(start)(x)) < 1e-9);
  }
  BOOST_TEST(bridge.divergence() == divergence, tolerance(1e-11));
  double covariance = 0;
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j)
      covariance += h * chi[i] * kernel(i, j) * hat[j] * (node(i) - 1.2) * (node(j) + 0.8);
  BOOST_TEST(bridge.ends().covariance(0, 1) == covariance, tolerance(1e-10));
}

BOOST_AUTO_TEST_CASE(weak_noise_gives_optimal_transport) {
  // D T D_KL -> W2^2/2 (Bures and Wasserstein), the coupling x_f = m_f + T (x_i - m_i), T S_i T = S_f.
  const Example e;
  const SymmetricEigen root = symmetric_eigen(e.initial.covariance);
  const Matrix r = root.vectors * root.values.cwiseSqrt().asDiagonal() * root.vectors.transpose();
  const SymmetricEigen inner = symmetric_eigen(r * e.final.covariance * r);
  const Matrix middle = inner.vectors * inner.values.cwiseSqrt().asDiagonal() * inner.vectors.transpose();
  const Matrix cross = r * middle * invert(r).matrix;  // Cov(x_i, x_f) = S_i T
  const double wasserstein = (e.final.mean - e.initial.mean).squaredNorm() + e.initial.covariance.trace() +
                             e.final.covariance.trace() - 2 * middle.trace();
  for (const double noise : {1e-4, 1e-6, 1e-8}) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", noise);
    const GaussianBridge bridge(affine({"0", "0"}, {text, text}), e.initial, e.final, 0, 1);
    BOOST_TEST((bridge.ends().covariance.topRightCorner(2, 2) - cross).norm() < noise);
    BOOST_TEST(2 * noise * bridge.divergence() == wasserstein, tolerance(40 * noise));
    BOOST_TEST(bridge.action() == bridge.divergence(), tolerance(1e-9));
  }
}

BOOST_AUTO_TEST_CASE(strong_noise_gives_independent_ends) {
  const Example e;
  const auto bridge_at = [&](const char* noise) {
    return GaussianBridge(affine({"0", "0"}, {noise, noise}), e.initial, e.final, 0, 1);
  };
  // Cov = S_i S_f/(DT) to leading order.
  const Matrix cross = 1e6 * bridge_at("1e6").ends().covariance.topRightCorner(2, 2);
  BOOST_TEST((cross - e.initial.covariance * e.final.covariance).norm() < 1e-6);
  BOOST_TEST(bridge_at("1e6").action() == bridge_at("1e6").divergence(), tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(no_digit_is_lost_over_twelve_decades_of_noise) {
  // In one dimension, with mean zero: r = (S_i S_f)^(1/2)/(DT), rho = 2 r/(1 + (1 + 4 r^2)^(1/2)),
  // D_KL = -ln(1 - rho^2)/2 + ln(D T/S_f)/2 - 1/2 + (S_i + S_f - 2 rho (S_i S_f)^(1/2))/(2 D T), in long double. Beyond
  // D = 1e4 the process's own moments carry a few 1e-13.
  for (int decade = -6; decade <= 6; ++decade) {
    char text[32];
    std::snprintf(text, sizeof text, "1e%d", decade);
    const long double noise = std::pow(10.0L, static_cast<long double>(decade)), a = 0.25L, b = 0.64L;
    const GaussianBridge bridge(affine({"0"}, {text}), normal(0, 0.25), normal(0, 0.64), 0, 1);
    const long double s = std::sqrt(a * b), r = s / noise, w = std::sqrt(1 + 4 * r * r),
                      rho = 2 * r / (1 + w);
    const long double divergence =
        -std::log(2 / (1 + w)) / 2 + std::log(noise / b) / 2 - 0.5L + (a + b - 2 * rho * s) / (2 * noise);
    // u(m + dx, 0) = (rho (b/a)^(1/2) - 1) dx/T
    const long double slope = rho * std::sqrt(b / a) - 1;
    BOOST_TEST_CONTEXT("D = " << text) {
      BOOST_TEST(bridge.ends().covariance(0, 1) == static_cast<double>(rho * s), tolerance(1e-12));
      BOOST_TEST(bridge.divergence() == static_cast<double>(divergence), tolerance(1e-12));
      BOOST_TEST(bridge.control(0).slope(0, 0) == static_cast<double>(slope), tolerance(2e-12));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_point_may_start_and_a_flat_end_may_not_stop) {
  // From a point the bridge is Doob's transform: chi_f = P_f/G(.|x), D_KL = D_KL(P_f || G(.|x)).
  const AffineProcess process = affine({"-x"}, {"2"});
  const GaussianBridge bridge(process, normal(0.5, 0), normal(1, 0.3), 0, 0.7);
  const double mean = 0.5 * std::exp(-0.7), variance = 1 - std::exp(-1.4);
  const double ratio = 0.3 / variance;
  BOOST_TEST(bridge.divergence() == 0.5 * (ratio - 1 - std::log(ratio) + (1 - mean) * (1 - mean) / variance),
             tolerance(1e-13));
  BOOST_TEST(bridge.density(0.699999999).mean[0] == 1.0, tolerance(1e-7));
  BOOST_CHECK_THROW(bridge.log_chi_hat(0), UnfitProblem);
  BOOST_CHECK_THROW(GaussianBridge(process, normal(0, 1), normal(1, 0), 0, 1), std::invalid_argument);
  BOOST_CHECK_THROW(GaussianBridge(process, normal(0, 1), normal(1, 1), 1, 1), std::invalid_argument);
  BOOST_CHECK_THROW(GaussianBridge(affine({"0", "0"}, {"1", "1"}), normal(0, 1), normal(1, 1), 0, 1),
                    std::invalid_argument);
}
