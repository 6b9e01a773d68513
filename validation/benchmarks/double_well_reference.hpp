// SPDX-License-Identifier: GPL-3.0-or-later
// F = x - x^3, D = 1/2 from N(-1, 0.1^2) to t = 2, to about 1e-12: with P = exp(-U/D) psi the generator becomes the
// symmetric -H, H = -(D/2) d^2 + F^2/(2D) + F'/2, whose eigenvectors in sinc functions solve in time exactly.
#pragma once

#include <Eigen/Eigenvalues>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "grids/axis.hpp"

namespace umkehr {

class DoubleWellReference {
 public:
  DoubleWellReference() : nodes_(count), amplitudes_(count) {
    Eigen::MatrixXd h(count, count);
    for (Eigen::Index i = 0; i < count; ++i) {
      nodes_[i] = -4.5 + spacing * (static_cast<double>(i) + 0.5);
      for (Eigen::Index j = 0; j < count; ++j) h(i, j) = 0.5 * diffusion * minus_second_derivative(i - j);
      const double x = nodes_[i], drift = x - x * x * x;
      h(i, i) += drift * drift / (2 * diffusion) + 0.5 * (1 - 3 * x * x);
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> modes(h);
    Eigen::VectorXd psi(count);
    for (Eigen::Index i = 0; i < count; ++i) {
      const double start =
          std::exp(-0.5 * std::pow((nodes_[i] + 1) / 0.1, 2)) / (0.1 * std::sqrt(2 * std::numbers::pi));
      psi[i] = start < 1e-300 ? 0 : start * std::exp(potential(nodes_[i]) / diffusion);
    }
    const Eigen::ArrayXd decay = (-2.0 * modes.eigenvalues().array().max(0.0)).exp();
    amplitudes_ = modes.eigenvectors() * (decay * (modes.eigenvectors().transpose() * psi).array()).matrix();
  }

  /// Means over the cells of an axis, by the Gauss rule of three points.
  std::vector<double> cell_means(const Axis& axis) const {
    const std::array<double, 3> nodes = {-std::sqrt(0.6), 0, std::sqrt(0.6)},
                                weights = {5.0 / 18, 8.0 / 18, 5.0 / 18};
    std::vector<double> means(axis.points);
    for (std::size_t i = 0; i < axis.points; ++i)
      for (std::size_t n = 0; n < nodes.size(); ++n)
        means[i] += weights[n] * density(axis.centre(i) + 0.5 * axis.spacing() * nodes[n]);
    return means;
  }

 private:
  static constexpr Eigen::Index count = 400;
  static constexpr double diffusion = 0.5, spacing = 9.0 / count;

  static double potential(double x) { return x * x * x * x / 4 - x * x / 2; }
  static double minus_second_derivative(Eigen::Index k) {
    const auto distance = static_cast<double>(k);
    const double sign = k % 2 == 0 ? 1 : -1;
    return (k == 0 ? std::numbers::pi * std::numbers::pi / 3 : 2 * sign / (distance * distance)) /
           (spacing * spacing);
  }
  double density(double x) const {
    double sum = 0;
    for (Eigen::Index i = 0; i < count; ++i) {
      const double u = std::numbers::pi * (x - nodes_[i]) / spacing;
      sum += amplitudes_[i] * (u == 0 ? 1 : std::sin(u) / u);
    }
    return sum * std::exp(-potential(x) / diffusion);
  }

  Eigen::VectorXd nodes_, amplitudes_;
};

}  // namespace umkehr
