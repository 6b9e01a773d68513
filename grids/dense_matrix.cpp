// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/dense_matrix.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
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

SymmetricEigen symmetric_eigen(const Matrix& symmetric) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(symmetric);
  return {solver.eigenvalues(), solver.eigenvectors()};
}

Vector symmetric_eigenvalues(const Matrix& symmetric) {
  return Eigen::SelfAdjointEigenSolver<Matrix>(symmetric, Eigen::EigenvaluesOnly).eigenvalues();
}

Vector tridiagonal_eigenvalues(const Vector& diagonal, const Vector& subdiagonal) {
  Eigen::SelfAdjointEigenSolver<Matrix> solver;
  return solver.computeFromTridiagonal(diagonal, subdiagonal, Eigen::EigenvaluesOnly).eigenvalues();
}

struct Tridiagonalisation::Reflections {
  Eigen::Tridiagonalization<Matrix> of;
};

Tridiagonalisation::Tridiagonalisation(const Matrix& symmetric)
    : reflections_(std::make_shared<Reflections>(Reflections{Eigen::Tridiagonalization<Matrix>(symmetric)})),
      diagonal_(reflections_->of.diagonal()),
      subdiagonal_(reflections_->of.subDiagonal()) {}

Vector Tridiagonalisation::rotate(const Vector& x) const {
  return reflections_->of.matrixQ().transpose() * x;
}

Vector Tridiagonalisation::rotate_back(const Vector& y) const {
  return reflections_->of.matrixQ() * y;
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

Matrix invert_lower(const Matrix& triangular) {
  return triangular.triangularView<Eigen::Lower>().solve(
      Matrix::Identity(triangular.rows(), triangular.cols()));
}

Matrix exponential(const Matrix& a) {
  return a.exp();
}

}  // namespace umkehr
