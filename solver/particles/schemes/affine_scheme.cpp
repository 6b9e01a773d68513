// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/schemes/affine_scheme.hpp"

#include <algorithm>
#include <cmath>

#include "grids/dense/dense_matrix.hpp"

namespace umkehr {

namespace {

/// C with C C^T = A for a covariance A, diagonal if A is.
Eigen::MatrixXd root_of(const Eigen::MatrixXd& covariance) {
  if (covariance.isDiagonal(0)) return covariance.cwiseMax(0).cwiseSqrt();
  if (std::optional<Eigen::MatrixXd> root = cholesky(covariance)) return *root;
  const SymmetricEigen modes = symmetric_eigen(covariance);
  return modes.vectors * modes.values.cwiseMax(0).cwiseSqrt().asDiagonal();
}

}  // namespace

AffineScheme::AffineScheme(const AffineProcess& process, std::span<const double> times) {
  const auto d = static_cast<Eigen::Index>(process.dimension());
  for (std::size_t n = 0; n + 1 < times.size(); ++n) {
    const GaussianTransport to = process.transport(times[n], times[n + 1]);
    transition_.push_back(
        {to.transition.topLeftCorner(d, d), root_of(to.noise), to.transition.topRightCorner(d, 1)});
  }
}

void AffineScheme::step(const Motion& motion, double, double h, std::size_t n, const Increments& increments,
                        Points& x, StepSpace& space) const {
  const Transition& to = transition_[n];
  const double scale = 1 / std::sqrt(h);
  const auto add = [&](double factor, std::span<const double> from, std::span<double> sum) {
    if (factor == 0) return;
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += factor * from[i];
  };
  for (std::size_t k = 0; k < motion.dimension; ++k) {
    const auto row = static_cast<Eigen::Index>(k);
    std::fill(space.first[k].begin(), space.first[k].end(), to.offset[row]);
    for (std::size_t l = 0; l < motion.dimension; ++l) {
      const auto column = static_cast<Eigen::Index>(l);
      add(to.push(row, column), x[l], space.first[k]);
      add(to.root(row, column) * scale, increments.noise[l], space.first[k]);
    }
  }
  for (std::size_t k = 0; k < motion.dimension; ++k) std::ranges::copy(space.first[k], x[k].begin());
}

}  // namespace umkehr
