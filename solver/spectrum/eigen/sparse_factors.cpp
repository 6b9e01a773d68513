// SPDX-License-Identifier: GPL-3.0-or-later
#include <Eigen/SparseLU>
#include <memory>
#include <optional>

#include "solver/spectrum/eigen/eigen_iteration.hpp"

namespace umkehr {

std::optional<LinearSolve> factorise(const Eigen::SparseMatrix<double>& a) {
  const auto lu = std::make_shared<Eigen::SparseLU<Eigen::SparseMatrix<double>>>(a);
  if (lu->info() != Eigen::Success) return {};
  return [lu](const Eigen::VectorXd& b) -> Eigen::VectorXd { return lu->solve(b); };
}

}  // namespace umkehr
