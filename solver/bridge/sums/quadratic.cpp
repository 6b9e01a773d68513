// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/sums/quadratic.hpp"

#include <cmath>
#include <numbers>
#include <optional>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "solver/law/whitened.hpp"

namespace umkehr {
namespace {

Eigen::VectorXd point(const Points& x, std::size_t i) {
  Eigen::VectorXd at(static_cast<Eigen::Index>(x.dimension()));
  for (std::size_t k = 0; k < x.dimension(); ++k) at[static_cast<Eigen::Index>(k)] = x[k][i];
  return at;
}

}  // namespace

double Quadratic::operator()(const Eigen::VectorXd& x) const {
  const Eigen::VectorXd away = x - centre;
  return value + gradient.dot(away) - 0.5 * away.dot((curvature * away).eval());
}

Eigen::VectorXd Quadratic::slope(const Eigen::VectorXd& x) const {
  return gradient - curvature * (x - centre);
}

Quadratic Quadratic::about(const Eigen::VectorXd& other) const {
  return {other, (*this)(other), slope(other), curvature};
}

double Quadratic::mean(const Gaussian& law) const {
  return (*this)(law.mean) - 0.5 * curvature.cwiseProduct(law.covariance).sum();
}

void Quadratic::values(const Points& x, std::span<double> out) const {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = (*this)(point(x, i));
}

void Quadratic::derivatives(const Points& x, std::size_t axis, std::span<double> out) const {
  const auto row = static_cast<Eigen::Index>(axis);
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = gradient[row] - curvature.row(row).dot(point(x, i) - centre);
}

Quadratic log_normal(const Gaussian& law) {
  const std::optional<Eigen::MatrixXd> factor = cholesky_factor(law.covariance);
  if (!factor) throw UnfitProblem("a Gaussian that is flat in some direction has no density");
  const Eigen::MatrixXd inverse = invert_lower(*factor);
  double value = 0;
  for (const double scale : inverse.diagonal())
    value += std::log(scale) - 0.5 * std::log(2 * std::numbers::pi);
  return {law.mean, value, Eigen::VectorXd::Zero(law.mean.size()), product(inverse.transpose(), inverse)};
}

}  // namespace umkehr
