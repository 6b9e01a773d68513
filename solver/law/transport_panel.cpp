// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/law/transport_panel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "grids/gauss_rule.hpp"

namespace umkehr {

namespace {

using Matrix = Eigen::MatrixXd;
using Eigen::Index;

constexpr Index stages = 8;

/// Nodes, weights and coefficients of Gauss collocation on [0, 1].
struct Collocation {
  std::array<double, stages> node, weight;
  std::array<std::array<double, stages>, stages> coefficient;

  Collocation() {
    const GaussRule<stages>& rule = gauss_legendre<stages>();
    for (std::size_t i = 0; i < stages; ++i) {
      node[i] = 0.5 + 0.5 * rule.node[i];
      weight[i] = 0.5 * rule.weight[i];
    }
    for (std::size_t i = 0; i < stages; ++i)
      for (std::size_t j = 0; j < stages; ++j) coefficient[i][j] = integral_of_lagrange(j, node[i]);
  }

  /// int_0^c of the polynomial that is 1 at node j and 0 at the others.
  double integral_of_lagrange(std::size_t j, double c) const {
    double sum = 0;
    for (std::size_t q = 0; q < stages; ++q) {
      double product = c * weight[q];
      for (std::size_t m = 0; m < stages; ++m)
        if (m != j) product *= (c * node[q] - node[m]) / (node[j] - node[m]);
      sum += product;
    }
    return sum;
  }
};

const Collocation& collocation() {
  static const Collocation rule;
  return rule;
}

/// The canonical equations' matrix at one time, in homogeneous coordinates.
struct Canonical {
  Matrix matrix;            ///< (2 d + 2, 2 d + 2)
  double trace;             ///< of A
  double rate;              ///< bounds how fast solutions grow or turn
  double killing;           ///< the largest entry of Q
  bool may_create = false;  ///< Q is not positive semi-definite
};

double largest(const Matrix& a) {
  double value = 0;
  for (const double entry : a.reshaped()) value = std::max(value, std::abs(entry));
  return value;
}

bool has_no_negative_eigenvalue(const Matrix& symmetric) {
  if (symmetric.isZero(0)) return true;
  return symmetric_eigenvalues(symmetric).minCoeff() >= 0;
}

Canonical canonical(const AffineProcess& process, bool killed, double s) {
  const auto d = static_cast<Index>(process.dimension());
  Matrix slope = Matrix::Zero(d + 1, d + 1), killing = slope, noise = slope;
  slope.topLeftCorner(d, d) = process.slope(s);
  slope.topRightCorner(d, 1) = process.offset(s);
  noise.diagonal().head(d) = process.diffusion(s);
  Canonical result;
  if (killed) {
    killing.topLeftCorner(d, d) = process.killing_curvature(s);
    killing.topRightCorner(d, 1) = process.killing_slope(s);
    killing.bottomLeftCorner(1, d) = process.killing_slope(s).transpose();
    killing(d, d) = 2 * process.killing_rate(s);
    result.may_create = !has_no_negative_eigenvalue(killing.topLeftCorner(d, d));
  }
  result.matrix.resize(2 * d + 2, 2 * d + 2);
  result.matrix << -slope.transpose(), killing, noise, slope;
  if (!result.matrix.allFinite())
    throw UnfitProblem("a coefficient of the process is not finite at t = " + std::to_string(s));
  result.trace = slope.trace();
  result.killing = largest(killing);
  result.rate =
      slope.topLeftCorner(d, d).norm() + std::sqrt(largest(noise) * largest(killing.topLeftCorner(d, d)));
  return result;
}

using Stages = std::array<Matrix, stages>;

/// Unknowns are the slopes K_i = H_i (1 + length sum_j a_ij K_j).
Matrix fundamental_matrix(const Stages& canonical, double length) {
  const Collocation& rule = collocation();
  const Index n = canonical[0].rows();
  Matrix system = Matrix::Identity(stages * n, stages * n), slopes(stages * n, n);
  for (Index i = 0; i < stages; ++i) {
    const auto row = static_cast<std::size_t>(i);
    for (Index j = 0; j < stages; ++j)
      system.block(i * n, j * n, n, n) -=
          length * rule.coefficient[row][static_cast<std::size_t>(j)] * canonical[row];
    slopes.middleRows(i * n, n) = canonical[row];
  }
  slopes = solve(system, slopes);
  Matrix fundamental = Matrix::Identity(n, n);
  for (Index i = 0; i < stages; ++i)
    fundamental += length * rule.weight[static_cast<std::size_t>(i)] * slopes.middleRows(i * n, n);
  return fundamental;
}

bool couples_axes(const Matrix& slope) {
  Matrix beside = slope;
  beside.diagonal().setZero();
  return !beside.isZero(0);
}

/// Each axis with the homogeneous coordinate, where no axis acts on another: d systems of 4 rows instead of one of 2 d + 2.
Matrix fundamental_matrix_by_axes(const Stages& canonical, Index d, double length) {
  Matrix fundamental = Matrix::Identity(2 * d + 2, 2 * d + 2);
  for (Index k = 0; k < d; ++k) {
    const std::array<Index, 4> own = {k, d, d + 1 + k, 2 * d + 1};
    Stages of_axis;
    for (std::size_t i = 0; i < of_axis.size(); ++i) of_axis[i] = canonical[i](own, own);
    fundamental(own, own) = fundamental_matrix(of_axis, length);
  }
  return fundamental;
}

}  // namespace

TransportPanel solve_panel(const AffineProcess& process, double start, double stop) {
  const Collocation& rule = collocation();
  const bool killed = process.is_killed();
  const auto d = static_cast<Index>(process.dimension());
  const double length = stop - start;
  TransportPanel panel{start, stop, GaussianTransport::identity(d)};
  Stages matrices;
  double trace = 0;
  bool one_by_one = !killed && d > 1;
  for (std::size_t row = 0; row < matrices.size(); ++row) {
    Canonical at = canonical(process, killed, start + length * rule.node[row]);
    trace += length * rule.weight[row] * at.trace;
    panel.turn = std::max(panel.turn, length * at.rate);
    panel.killing = std::max(panel.killing, length * at.killing);
    panel.may_create |= at.may_create;
    one_by_one = one_by_one && !couples_axes(at.matrix.bottomRightCorner(d + 1, d + 1).topLeftCorner(d, d));
    matrices[row] = std::move(at.matrix);
  }
  const Matrix fundamental =
      one_by_one ? fundamental_matrix_by_axes(matrices, d, length) : fundamental_matrix(matrices, length);
  const Inverse momentum = invert(fundamental.topLeftCorner(d + 1, d + 1));
  panel.transport.transition = momentum.matrix.transpose();
  const Matrix noise =
      product(fundamental.bottomLeftCorner(d + 1, d + 1), momentum.matrix).topLeftCorner(d, d);
  panel.transport.noise = 0.5 * (noise + noise.transpose());
  panel.transport.kills = killed;
  if (killed) {
    const Matrix information = product(momentum.matrix, fundamental.topRightCorner(d + 1, d + 1));
    panel.transport.information = 0.5 * (information + information.transpose());
    panel.transport.cost = 0.5 * (momentum.log_abs_determinant + trace);
  }
  return panel;
}

}  // namespace umkehr
