// SPDX-License-Identifier: GPL-3.0-or-later
// The evolution of an affine process from one time to another, in closed form. Started from w psi_n, with generating
// function w exp(v.z - v.v/2), a Gaussian at v, the law stays Gaussian, so that the matrix T of the coefficients has
//   sum_mn T_mn u^m v^n/sqrt(m! n!) = W exp(u.Delta u/2 + u.B v + v.C v/2 + u.a + v.b).
// With x = centre + scale z the ingredients obey, for the drift A z + f and the killing z.Q z/2 + q.z + r,
//   S' = A S + S A^T + D - S Q S,  Delta = S - 1,   B' = (A - S Q) B,      a' = A a + f - S (Q a + q),
//   C' = -B^T Q B,   b' = -B^T (Q a + q),   (ln W)' = -(tr(Q S)/2 + a.Q a/2 + q.a + r),
// from S = B = 1 and zeros. Without killing T_mn = 0 for |n| > |m|: no truncation error, whatever the step.
#pragma once

#include <cstddef>
#include <span>

#include "grids/dense/eigen.hpp"
#include "grids/hermite.hpp"
#include "solver/law/affine.hpp"

namespace umkehr {

struct HermiteKernel {
  Eigen::MatrixXd spread;     ///< Delta, (d, d)
  Eigen::MatrixXd carry;      ///< B, (d, d)
  Eigen::MatrixXd curvature;  ///< C, (d, d)
  Eigen::VectorXd shift;      ///< a, (d)
  Eigen::VectorXd tilt;       ///< b, (d)
  double log_weight = 0;      ///< ln W

  /// From `start` to `stop`, to about 1e-14. Throws NumericalFailure where the law ceases to exist.
  static HermiteKernel of(const AffineProcess& process, std::span<const HermiteBasis> bases, double start,
                          double stop);
  /// The same evolution with its result expanded in other bases.
  HermiteKernel rebased(std::span<const HermiteBasis> from, std::span<const HermiteBasis> to) const;
  /// True if no axis acts on another, so that T is a Kronecker product.
  bool is_diagonal() const;
};

/// T of one axis, (modes, modes):
///   sqrt(m + 1) T_{m+1,n} = a T_mn + Delta sqrt(m) T_{m-1,n} + B sqrt(n) T_{m,n-1}.
Eigen::MatrixXd kernel_matrix(const HermiteKernel& kernel, std::size_t axis, std::size_t modes);

}  // namespace umkehr
