// SPDX-License-Identifier: GPL-3.0-or-later
// Processes whose transition laws are Gaussian: drift A(s) x + b(s), noise D(s) an axis, killing of at most second
// degree V = x.Q(s)x/2 + q(s).x + v(s). A Gaussian with weight w, mean m and covariance C then obeys
//   dm/ds = A m + b - C (Q m + q),  dC/ds = A C + C A^T + diag D - C Q C,
//   d ln w/ds = -(tr(Q C)/2 + m.Q m/2 + q.m + v),
// which replaces (2.35), right only for constant D/beta.
#pragma once

#include <Eigen/Core>
#include <optional>

#include "solver/law/gaussian_mixture.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

class AffineProcess {
 public:
  /// The affine form of a process, found by exact derivatives of its formulas; nothing if it has none.
  static std::optional<AffineProcess> of(const Process& process);

  std::size_t dimension() const { return drift_.size(); }
  Eigen::MatrixXd slope(double s) const;      ///< A, (d, d)
  Eigen::VectorXd offset(double s) const;     ///< b, (d)
  Eigen::VectorXd diffusion(double s) const;  ///< D, (d)
  Eigen::MatrixXd killing_curvature(double s) const;  ///< Q, (d, d)
  Eigen::VectorXd killing_slope(double s) const;      ///< q, (d)
  double killing_rate(double s) const;                ///< v
  bool is_killed() const;

  /// The law at `stop` of a mixture at `start`, to about 1e-13. Throws std::domain_error where it ceases to exist
  /// (negative killing can make the mass infinite in finite time).
  GaussianMixture push(const GaussianMixture& initial, double start, double stop) const;
  /// The transition law K(., stop | point, start) (2.30, 2.33).
  GaussianMixture transition(const Eigen::VectorXd& point, double start, double stop) const;

 private:
  AffineProcess() = default;
  std::vector<Coefficient> drift_;  // F_k at the origin: b_k
  std::vector<std::vector<Coefficient>> slope_;
  std::vector<Coefficient> diffusion_;
  std::vector<std::vector<Coefficient>> curvature_;
  std::vector<Coefficient> killing_slope_;
  Coefficient killing_ = 0.0;
};

}  // namespace umkehr
