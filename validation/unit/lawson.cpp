// SPDX-License-Identifier: GPL-3.0-or-later
// The exponential Runge-Kutta scheme: its transposes are exact, its orders are those of its tableau.
#include "solver/stepping/lawson.hpp"

#include <Eigen/Dense>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdint>
#include <unsupported/Eigen/MatrixFunctions>
#include <vector>

using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

/// y' = Lambda(t) y + (A + sin(t) B) y with Lambda(t) = (1 + t) diag.
struct Dense {
  VectorXd diagonal;
  MatrixXd a, b;

  std::size_t size() const { return static_cast<std::size_t>(diagonal.size()); }
  void factor(double s, double t, std::span<double> out) const {
    for (std::size_t n = 0; n < size(); ++n)
      out[n] = std::exp(diagonal[static_cast<Eigen::Index>(n)] * (t - s) * (1 + (t + s) / 2));
  }
  MatrixXd matrix(double t) const { return a + std::sin(t) * b; }
  void rest(double t, std::span<const double> in, std::span<double> out) const {
    Eigen::Map<VectorXd>(out.data(), diagonal.size()) =
        matrix(t) * Eigen::Map<const VectorXd>(in.data(), diagonal.size());
  }
  void rest_adjoint(double t, std::span<const double> in, std::span<double> out) const {
    Eigen::Map<VectorXd>(out.data(), diagonal.size()) =
        matrix(t).transpose() * Eigen::Map<const VectorXd>(in.data(), diagonal.size());
  }
};

Dense random_system(Eigen::Index n, unsigned seed) {
  std::srand(seed);
  return {-10 * (VectorXd::Random(n).array() + 1).matrix(), MatrixXd::Random(n, n), MatrixXd::Random(n, n)};
}

std::vector<double> random_vector(std::size_t n) {
  const VectorXd v = VectorXd::Random(static_cast<Eigen::Index>(n));
  return {v.begin(), v.end()};
}

double dot(const std::vector<double>& u, const std::vector<double>& v) {
  double sum = 0;
  for (std::size_t n = 0; n < u.size(); ++n) sum += u[n] * v[n];
  return sum;
}

double distance(const std::vector<double>& u, const std::vector<double>& v) {
  double sum = 0;
  for (std::size_t n = 0; n < u.size(); ++n) sum += (u[n] - v[n]) * (u[n] - v[n]);
  return std::sqrt(sum);
}

std::vector<double> run(Dense& system, std::vector<double> y, int steps) {
  umkehr::Lawson<Dense> lawson(system);
  for (int n = 0; n < steps; ++n) lawson.forward(y, n / double(steps), (n + 1) / double(steps));
  return y;
}

}  // namespace

BOOST_AUTO_TEST_CASE(step_and_transpose_are_adjoint) {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    Dense system = random_system(1 + seed % 12, seed);
    umkehr::Lawson<Dense> lawson(system);
    std::vector<double> y = random_vector(system.size()), q = random_vector(system.size());
    const std::vector<double> y0 = y, q1 = q;
    lawson.forward(y, 0.3, 0.8);
    lawson.backward(q, 0.3, 0.8);
    BOOST_TEST(std::abs(dot(q1, y) - dot(q, y0)) <= 1e-14 * static_cast<double>(y.size()));
  }
}

BOOST_AUTO_TEST_CASE(error_estimate_and_its_transpose_are_adjoint) {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    Dense system = random_system(1 + seed % 12, seed);
    umkehr::Lawson<Dense> lawson(system);
    std::vector<double> y = random_vector(system.size()), q = random_vector(system.size());
    const std::vector<double> y0 = y, q1 = q;
    std::vector<double> error(y.size()), error_transposed(y.size()), plain = y;
    lawson.forward(y, 0.3, 0.8, error);
    lawson.backward(q, 0.3, 0.8, error_transposed);
    BOOST_TEST(dot(error, error) > 0);
    BOOST_TEST(std::abs(dot(q1, error) - dot(error_transposed, y0)) <= 1e-14 * static_cast<double>(y.size()));
    BOOST_TEST(std::abs(dot(q1, y) - dot(q, y0)) <= 1e-14 * static_cast<double>(y.size()));
    umkehr::Lawson<Dense>(system).forward(plain, 0.3, 0.8);
    BOOST_TEST(plain == y, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(remembered_slopes_change_no_bit) {
  Dense system = random_system(9, 7);
  std::vector<double> kept = random_vector(9), fresh = kept, error(9);
  umkehr::Lawson<Dense> lawson(system);
  for (int n = 0; n < 5; ++n) {
    std::vector<double> refused = kept;
    lawson.forward(refused, 0.2 * n, 0.2 * n + 0.2, error);
    lawson.forward(kept, 0.2 * n, 0.2 * n + 0.1, error);
    lawson.forward(kept, 0.2 * n + 0.1, 0.2 * n + 0.2, error);
    for (double from : {0.2 * n, 0.2 * n + 0.1})
      umkehr::Lawson<Dense>(system).forward(fresh, from, from == 0.2 * n ? 0.2 * n + 0.1 : 0.2 * n + 0.2,
                                            error);
    BOOST_TEST(kept == fresh, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(constant_coefficients_agree_with_the_matrix_exponential) {
  Dense system = random_system(6, 3);
  system.b.setZero();
  // (1 + t) diag has integral 3/2 diag only if it commutes with A; a constant A proportional to one does.
  system.a = 0.7 * MatrixXd::Identity(6, 6);
  const std::vector<double> y0 = random_vector(6), y = run(system, y0, 40);
  for (std::size_t n = 0; n < 6; ++n) {
    const double exact = std::exp(1.5 * system.diagonal[static_cast<Eigen::Index>(n)] + 0.7) * y0[n];
    BOOST_TEST(std::abs(y[n] - exact) <= 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(observed_orders_are_five_and_four) {
  Dense system = random_system(8, 11);
  system.diagonal *= 0.2;
  system.a *= 4;
  system.b *= 4;
  const std::vector<double> y0 = random_vector(8), reference = run(system, y0, 5120);
  double before = 0, estimate_before = 0;
  for (int steps : {80, 160, 320, 640}) {
    const double error = distance(run(system, y0, steps), reference);
    std::vector<double> y = y0, estimate(8);
    umkehr::Lawson<Dense>(system).forward(y, 0, 1.0 / steps, estimate);
    const double size = std::sqrt(dot(estimate, estimate));
    BOOST_TEST_MESSAGE(steps << " steps: error " << error << ", order " << std::log2(before / error)
                             << "; estimate " << size << ", order " << std::log2(estimate_before / size));
    if (before > 0) {
      BOOST_TEST(std::abs(std::log2(before / error) - 5) < 0.4);
      // A local error of order 4 falls with the fifth power of the length.
      BOOST_TEST(std::abs(std::log2(estimate_before / size) - 5) < 0.4);
    }
    before = error;
    estimate_before = size;
  }
  BOOST_TEST(before < 1e-10);
}
