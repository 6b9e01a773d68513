// SPDX-License-Identifier: GPL-3.0-or-later
// The Schroedinger bridge (3.26-3.28) between two Gaussians N(m_i, S_i), N(m_f, S_f) under an affine process, exactly.
// With G(y|x) ~ exp(-(x,1).J(x,1)/2) N(y; E x + e, G) of GaussianTransport the law of the ends is Gaussian, and
// chi_hat(x) chi(y) do not touch the cross term x.E^T G^-1 y of its exponent. With S = R R^T, M = R_i^T E^T G^-1 R_f,
//   Cov(x_i, x_f) = R_i M g R_f^T,  Cov(x_f | x_i) = R_f g R_f^T,  g = (1/2 + (1/4 + M^T M)^(1/2))^-1,
// which for Brownian motion is R_i ((R_i^T S_f R_i + (DT)^2/4)^(1/2) - DT/2) R_i^-1 (Bojilov and Galichon, Economics
// Bulletin 36 (2016) 1; Bunne et al., AISTATS 2023, for the whole process), without its cancellations.
// ln chi_f has the curvature Q = Cov(x_f | x_i)^-1 - G^-1, from which all else follows.
#pragma once

#include "solver/bridge/sums/quadratic.hpp"
#include "solver/law/affine.hpp"

namespace umkehr {

/// u(x) = offset + slope x
struct AffineControl {
  Eigen::VectorXd offset;  ///< (d)
  Eigen::MatrixXd slope;   ///< (d, d)
};

class GaussianBridge {
 public:
  /// Weights are left out: both ends have mass one. The initial law may be a point, or flat. Throws
  /// UnfitProblem where the final law or the kernel has no density, UnfitProblem as
  /// AffineProcess::transport does.
  GaussianBridge(AffineProcess process, const Gaussian& initial, const Gaussian& final, double start,
                 double stop);

  /// The joint law of (x_i, x_f), of dimension 2 d: H*(x_f, x_i) P_i(x_i).
  Gaussian ends() const;
  Gaussian density(double t) const;
  /// ln chi and ln chi_hat = ln P - ln chi, in the gauge int P_i ln chi_i = 0. Throws UnfitProblem for the latter
  /// where P has no density.
  Quadratic log_chi(double t) const;
  Quadratic log_chi_hat(double t) const;
  /// u = D grad ln chi.
  AffineControl control(double t) const;
  /// D_KL(H* || G) = int P_f ln chi_f - int P_i ln chi_i. Negative values are possible where killing is negative.
  double divergence() const { return divergence_; }
  /// E[u^2/(2 D) + V] under the bridge; its integral over time is the action, equal to the divergence.
  double running_cost(double t) const;
  double action() const;

 private:
  GaussianTransport between(double from, double to) const;
  /// Terms of ln chi_f, and what they cost.
  void solve_ends();
  Quadratic unnormalised_log_chi(double t) const;

  AffineProcess process_;
  Gaussian initial_, final_;
  double start_, stop_;
  GaussianTransport kernel_;
  Eigen::MatrixXd root_initial_;  ///< R_i
  Eigen::MatrixXd response_;      ///< Cov(x_f, x_i) R_i^-T, how x_f follows the standard normals behind x_i
  Eigen::MatrixXd remainder_;     ///< Cov(x_f | x_i)
  Quadratic log_chi_final_;
  double divergence_ = 0;
};

}  // namespace umkehr
