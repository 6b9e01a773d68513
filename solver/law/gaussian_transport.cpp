// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/law/gaussian_transport.hpp"

#include <algorithm>
#include <cmath>

#include "grids/dense/dense_matrix.hpp"

namespace umkehr {

namespace {

using Matrix = Eigen::MatrixXd;

Matrix symmetric(const Matrix& a) {
  return 0.5 * (a + a.transpose());
}

/// A square root S of a positive semi-definite matrix, C = S S^T.
Matrix square_root(const Matrix& covariance) {
  const SymmetricEigen eigen = symmetric_eigen(covariance);
  Matrix root = eigen.vectors;
  for (Eigen::Index k = 0; k < root.cols(); ++k) root.col(k) *= std::sqrt(std::max(eigen.values[k], 0.0));
  return root;
}

/// What killing of information J does to a covariance C: (1 + J C)^-1 in homogeneous coordinates, and ln det(1 + J C).
struct Reweighting {
  Matrix inverse;
  double log_determinant;
};

/// Nothing unless 1 + S^T J S is positive definite: else the Gaussian integral diverges.
std::optional<Reweighting> reweight(const Matrix& information, const Matrix& covariance) {
  const Eigen::Index d = covariance.rows();
  const Matrix root = square_root(covariance);
  const Matrix capacity =
      Matrix::Identity(d, d) + product(root.transpose(), information.topLeftCorner(d, d), root);
  const SymmetricEigen eigen = symmetric_eigen(symmetric(capacity));
  double log_determinant = 0;
  for (const double eigenvalue : eigen.values) {
    if (!(eigenvalue > 0)) return {};
    log_determinant += std::log(eigenvalue);
  }
  const Matrix rotated = product(root, eigen.vectors);
  // (1 + J S S^T)^-1 = 1 - J S (1 + S^T J S)^-1 S^T
  Matrix inverse = Matrix::Identity(d + 1, d + 1);
  const Matrix shrunk = product(rotated * eigen.values.cwiseInverse().asDiagonal(), rotated.transpose());
  inverse.leftCols(d) -= product(information.leftCols(d), shrunk);
  return Reweighting{inverse, log_determinant};
}

}  // namespace

GaussianTransport GaussianTransport::identity(Eigen::Index d) {
  return {Matrix::Identity(d + 1, d + 1), Matrix::Zero(d, d), Matrix::Zero(d + 1, d + 1), 0, false};
}

std::optional<GaussianTransport> GaussianTransport::then(const GaussianTransport& later) const {
  const Eigen::Index d = noise.rows();
  GaussianTransport both = *this;
  const Matrix map = later.transition.topLeftCorner(d, d);
  if (!later.kills) {
    both.transition = product(later.transition, transition);
    both.noise = symmetric(product(map, noise, map.transpose())) + later.noise;
    return both;
  }
  const std::optional<Reweighting> weights = reweight(later.information, noise);
  if (!weights) return {};
  const Matrix& b = weights->inverse;
  both.kills = true;
  both.transition = product(later.transition, b.transpose(), transition);
  both.noise = symmetric(product(product(map, noise), b.topLeftCorner(d, d), map.transpose())) + later.noise;
  both.information += symmetric(product(transition.transpose(), product(b, later.information), transition));
  both.cost += later.cost + 0.5 * weights->log_determinant;
  return both;
}

std::optional<Gaussian> GaussianTransport::operator()(const Gaussian& initial) const {
  GaussianTransport start = identity(initial.mean.size());
  start.noise = initial.covariance;
  start.transition.topRightCorner(initial.mean.size(), 1) = initial.mean;
  const std::optional<GaussianTransport> end = start.then(*this);
  if (!end) return {};
  const Eigen::Index d = initial.mean.size();
  // From the origin: the mean is where the start's own transition puts (0, 1).
  return Gaussian{initial.weight * std::exp(-end->cost - 0.5 * end->information(d, d)),
                  end->transition.topRightCorner(d, 1), end->noise};
}

}  // namespace umkehr
