// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/hermite.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "grids/dense/dense_matrix.hpp"

namespace umkehr {
namespace {

const double log_root_two_pi = 0.5 * std::log(2 * std::numbers::pi);

template <class LogFactor>
Eigen::MatrixXd rows_of(const HermiteBasis& basis, std::span<const double> x, LogFactor log_factor) {
  Eigen::MatrixXd transposed(static_cast<Eigen::Index>(basis.modes), static_cast<Eigen::Index>(x.size()));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double z = basis.scaled(x[i]);
    double* row = transposed.col(static_cast<Eigen::Index>(i)).data();
    scaled_hermite(z, log_factor(z), {row, basis.modes});
  }
  return transposed.transpose();
}

double polished_zero(double z, std::size_t count) {
  std::vector<double> psi(count + 1);
  for (int iteration = 0; iteration < 3; ++iteration) {
    scaled_hermite(z, -0.25 * z * z, psi);
    z -= psi[count] / (std::sqrt(static_cast<double>(count)) * psi[count - 1]);
  }
  return z;
}

}  // namespace

void scaled_hermite(double z, double log_factor, std::span<double> out) {
  // The pair (before, now) is kept below `large` by moving powers of it into the factor.
  const double large = 0x1p300;
  const double log_large = 300 * std::numbers::ln2;
  double before = 0, now = 1, factor = std::exp(log_factor);
  for (std::size_t n = 0; n < out.size(); ++n) {
    out[n] = now * factor;
    const double order = static_cast<double>(n);
    const double next = (z * now - std::sqrt(order) * before) / std::sqrt(order + 1);
    before = now;
    now = next;
    if (std::abs(now) > large) {
      before /= large;
      now /= large;
      log_factor += log_large;
      factor = std::exp(log_factor);
    }
  }
}

Eigen::MatrixXd HermiteBasis::densities(std::span<const double> x) const {
  const double log_norm = -log_root_two_pi - std::log(scale);
  return rows_of(*this, x, [&](double z) { return log_norm - 0.5 * z * z; });
}

Eigen::MatrixXd HermiteBasis::functions(std::span<const double> x) const {
  return rows_of(*this, x, [](double z) { return -0.25 * z * z; });
}

std::vector<double> hermite_zeros(std::size_t count) {
  const Eigen::Index size = static_cast<Eigen::Index>(count);
  Eigen::VectorXd off_diagonal(size - 1);
  for (Eigen::Index n = 0; n + 1 < size; ++n) off_diagonal[n] = std::sqrt(static_cast<double>(n + 1));
  const Eigen::VectorXd jacobi = tridiagonal_eigenvalues(Eigen::VectorXd::Zero(size), off_diagonal);
  std::vector<double> zeros(count);
  for (std::size_t i = 0; i < (count + 1) / 2; ++i) {
    const double z = 2 * i + 1 == count ? 0 : polished_zero(jacobi[static_cast<Eigen::Index>(i)], count);
    zeros[i] = z;
    zeros[count - 1 - i] = -z;
  }
  return zeros;
}

HermiteQuadrature::HermiteQuadrature(const HermiteBasis& basis, std::size_t count)
    : nodes(hermite_zeros(count)) {
  values.resize(static_cast<Eigen::Index>(count), static_cast<Eigen::Index>(basis.modes));
  std::vector<double> functions(std::max(count, basis.modes));
  const std::span<double> all(functions.data(), count);
  for (std::size_t i = 0; i < count; ++i) {
    // The weight of a node is one over the sum of the squares of the first `count` polynomials there.
    scaled_hermite(nodes[i], -0.25 * nodes[i] * nodes[i], functions);
    double squares = 0;
    for (double f : all) squares += f * f;
    const double root = 1 / std::sqrt(squares);
    for (std::size_t n = 0; n < basis.modes; ++n)
      values(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(n)) = functions[n] * root;
    nodes[i] = basis.centre + basis.scale * nodes[i];
  }
}

}  // namespace umkehr
