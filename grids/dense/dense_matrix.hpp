// SPDX-License-Identifier: GPL-3.0-or-later
// Products and decompositions of dense matrices, by Eigen, whose kernels are compiled in one place only: they take
// half a minute wherever they are instantiated.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "grids/dense/eigen.hpp"

namespace umkehr {

Eigen::MatrixXd product(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);
Eigen::MatrixXd product(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b, const Eigen::MatrixXd& c);

/// A = vectors diag(values) vectors^T, values ascending.
struct SymmetricEigen {
  Eigen::VectorXd values;
  Eigen::MatrixXd vectors;
};
SymmetricEigen symmetric_eigen(const Eigen::MatrixXd& symmetric);
/// Ascending.
Eigen::VectorXd symmetric_eigenvalues(const Eigen::MatrixXd& symmetric);
Eigen::VectorXd tridiagonal_eigenvalues(const Eigen::VectorXd& diagonal, const Eigen::VectorXd& subdiagonal);

/// A vectors = vectors diag(values), in no order; nothing if the QR iteration does not converge.
struct GeneralEigen {
  Eigen::VectorXcd values;
  Eigen::MatrixXcd vectors;
};
std::optional<GeneralEigen> general_eigen(const Eigen::MatrixXd& a);

/// A = Q T Q^T with T tridiagonal and Q a product of Householder's reflections.
class Tridiagonalisation {
 public:
  explicit Tridiagonalisation(const Eigen::MatrixXd& symmetric);
  const Eigen::VectorXd& diagonal() const { return diagonal_; }
  const Eigen::VectorXd& subdiagonal() const { return subdiagonal_; }
  Eigen::VectorXd rotate(const Eigen::VectorXd& x) const;       ///< Q^T x
  Eigen::VectorXd rotate_back(const Eigen::VectorXd& y) const;  ///< Q y

 private:
  struct Reflections;
  std::shared_ptr<const Reflections> reflections_;
  Eigen::VectorXd diagonal_, subdiagonal_;
};

/// A^-1 B by Gauss elimination with partial pivoting.
Eigen::MatrixXd solve(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);
struct Inverse {
  Eigen::MatrixXd matrix;
  double log_abs_determinant;  ///< ln |det A|, of the matrix itself
};
Inverse invert(const Eigen::MatrixXd& a);

/// b -> A^-1 b, of a matrix that is factorised once.
using LinearSolve = std::function<Eigen::VectorXd(const Eigen::VectorXd&)>;
LinearSolve factorise(const Eigen::MatrixXd& a);
/// By Cholesky; nothing unless A is positive definite.
std::optional<LinearSolve> factorise_positive(const Eigen::MatrixXd& symmetric);

/// L with A = L L^T; nothing unless A is positive definite.
std::optional<Eigen::MatrixXd> cholesky(const Eigen::MatrixXd& symmetric);
Eigen::MatrixXd invert_lower(const Eigen::MatrixXd& triangular);

/// By scaling, squaring and Pade approximants (Higham, SIAM J. Matrix Anal. Appl. 26 (2005) 1179).
Eigen::MatrixXd exponential(const Eigen::MatrixXd& a);

}  // namespace umkehr
