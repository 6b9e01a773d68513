// SPDX-License-Identifier: GPL-3.0-or-later
// -L between walls by Galerkin's method in products of cardinal functions (grids/interpolation/lobatto.hpp), of which those that are one
// at an absorbing wall are left out; reflecting walls are natural. Where there is a Phi, phi = exp(Phi/2) psi and
//   <chi, H psi> = sum_k int D_k/2 (d_k chi - F_k/D_k chi)(d_k psi - F_k/D_k psi) + int V chi psi,
// symmetric and never below min V; else
//   <chi, -L phi> = sum_k int D_k/2 d_k chi d_k phi - int chi F.d phi + int V chi phi.
// Both are CardinalGenerator's sums, under the weights of the nodes' quadrature.
#pragma once

#include <vector>

#include "grids/dense/eigen.hpp"
#include "grids/grid.hpp"
#include "grids/interpolation/lobatto.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

struct GalerkinOperator {
  std::vector<CardinalBasis> bases;
  std::vector<std::size_t> unknowns;  ///< products of nodes, in C order, that are unknown
  Eigen::MatrixXd matrix;             ///< acts on values times roots of their weights
  double min_killing = 0;             ///< of V at the nodes

  /// Of a product of nodes.
  double weight(std::size_t n) const;
  /// The field at the centres of a grid from one vector.
  std::vector<double> field(const Eigen::VectorXd& vector, const Grid& grid) const;
};

/// So many functions an axis. Throws UnfitProblem where F or V is not finite.
GalerkinOperator galerkin_operator(const Process& process, const Grid& grid, double t,
                                   const std::vector<std::size_t>& functions, bool is_symmetric);

}  // namespace umkehr
