// SPDX-License-Identifier: GPL-3.0-or-later
// Apart from dense_matrix.cpp so that two cores compile them side by side.
#include <Eigen/Eigenvalues>
#include <memory>
#include <optional>

#include "grids/dense/dense_matrix.hpp"

namespace umkehr {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

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

std::optional<GeneralEigen> general_eigen(const Matrix& a) {
  const Eigen::EigenSolver<Matrix> solver(a);
  if (solver.info() != Eigen::Success) return {};
  return GeneralEigen{solver.eigenvalues(), solver.eigenvectors()};
}

}  // namespace umkehr
