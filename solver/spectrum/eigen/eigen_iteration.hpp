// SPDX-License-Identifier: GPL-3.0-or-later
// The eigenvalues of largest magnitude of x -> A^-1 x, by Arnoldi's or Lanczos's iteration with implicit restarts
// (Sorensen, SIAM J. Matrix Anal. Appl. 13 (1992) 357), as Spectra does it. A source each: Spectra and Eigen's sparse
// factors take ten seconds and more wherever they are instantiated.
#pragma once

#include <Eigen/SparseCore>
#include <algorithm>
#include <optional>
#include <utility>

#include "grids/dense/dense_matrix.hpp"
#include "grids/dense/eigen.hpp"

namespace umkehr {

/// A^-1 as Spectra wants it, whatever factorised A.
class InverseOperator {
 public:
  using Scalar = double;
  InverseOperator(LinearSolve solve, Eigen::Index size) : solve_(std::move(solve)), size_(size) {}
  Eigen::Index rows() const { return size_; }
  Eigen::Index cols() const { return size_; }
  void perform_op(const double* in, double* out) const {
    Eigen::Map<Eigen::VectorXd>(out, size_) = solve_(Eigen::Map<const Eigen::VectorXd>(in, size_));
  }

 private:
  LinearSolve solve_;
  Eigen::Index size_;
};

struct EigenIteration {
  double tolerance = 1e-14;  ///< relative, of the eigenvalues of the inverse
  Eigen::Index max_restarts = 1000;
};

/// Vectors that the iteration keeps: enough for a good restart.
inline Eigen::Index subspace(Eigen::Index count, Eigen::Index size) {
  return std::min(size, std::max<Eigen::Index>(2 * count + 10, 30));
}

/// Of the inverse, in any order; nothing where the iteration does not converge.
std::optional<GeneralEigen> arnoldi(const InverseOperator& inverse, Eigen::Index count,
                                    EigenIteration choices = {});
std::optional<SymmetricEigen> lanczos(const InverseOperator& inverse, Eigen::Index count,
                                      EigenIteration choices = {});

/// Nothing where it is singular.
std::optional<LinearSolve> factorise(const Eigen::SparseMatrix<double>& a);

}  // namespace umkehr
