// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/dense/dense_matrix.hpp"

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <unsupported/Eigen/MatrixFunctions>

namespace umkehr {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

Matrix product(const Matrix& a, const Matrix& b) {
  return a * b;
}

Matrix product(const Matrix& a, const Matrix& b, const Matrix& c) {
  return product(product(a, b), c);
}

Matrix solve(const Matrix& a, const Matrix& b) {
  return Eigen::PartialPivLU<Matrix>(a).solve(b);
}

Inverse invert(const Matrix& a) {
  const Eigen::PartialPivLU<Matrix> lu(a);
  return {lu.inverse(), lu.matrixLU().diagonal().array().abs().log().sum()};
}

std::optional<Matrix> cholesky(const Matrix& symmetric) {
  const Eigen::LLT<Matrix> llt(symmetric);
  if (llt.info() != Eigen::Success) return {};
  return llt.matrixL();
}

LinearSolve factorise(const Matrix& a) {
  const auto lu = std::make_shared<Eigen::PartialPivLU<Matrix>>(a);
  return [lu](const Vector& b) -> Vector { return lu->solve(b); };
}

std::optional<LinearSolve> factorise_positive(const Matrix& symmetric) {
  const auto llt = std::make_shared<Eigen::LLT<Matrix>>(symmetric);
  if (llt->info() != Eigen::Success) return {};
  return [llt](const Vector& b) -> Vector { return llt->solve(b); };
}

Matrix invert_lower(const Matrix& triangular) {
  return triangular.triangularView<Eigen::Lower>().solve(
      Matrix::Identity(triangular.rows(), triangular.cols()));
}

Matrix exponential(const Matrix& a) {
  return a.exp();
}

}  // namespace umkehr
