// SPDX-License-Identifier: GPL-3.0-or-later
// Schroedinger's cells (3.4-3.14). N particles are counted a_l in the cells l before and b_k in the cells k after (3.5); each
// goes from l to k with probability g(k|l), sum_k g(k|l) = 1. The most probable table c(k, l) of those who went, given
// both counts, is N h(k|l) p_i(l) (3.9) with h the bridge of g,
//   h(k|l) = g(k|l) chi_f(k)/chi_i(l),  chi_i = g^T chi_f,  sum_l h(k|l) p_i(l) = p_f(k)  (3.10),
// found by the same iteration as on a grid and polished by Newton's method. It minimises
//   D_KL(h||g) = sum_l p_i(l) sum_k h ln(h/g) = sum_k p_f ln chi_f - sum_l p_i ln chi_i   (3.12).
// Links that no table with these counts can use have h = 0 although g > 0 and are found by flows beforehand.
#pragma once

#include "solver/bridge/schroedinger_system.hpp"
#include "solver/cells/cell_flow.hpp"

namespace umkehr {

struct Cells {
  Eigen::MatrixXd kernel;  ///< g(k|l), (K, L)
  Counts initial, final;   ///< a, b; both of sum N
};

struct CellsOptimum {
  Eigen::MatrixXd bridge;             ///< h(k|l); 0 where a_l is
  Eigen::MatrixXd table;              ///< c/N = h(k|l) p_i(l), (K, L)
  std::vector<double> log_chi_final;  ///< -infinity where b is 0
  double divergence = 0;              ///< D_KL(h||g)
  Links links;                        ///< where the table is positive
  std::vector<std::size_t> free;      ///< cells k whose counts can be told at will: the others follow
  Eigen::MatrixXd spread;             ///< covariance of b/sqrt(N) over the free cells, under h
  std::size_t iterations = 0;
};

/// Throws UnfitProblem for kernels that are none, counts that do not fit and ends that cannot be joined, saying
/// why.
void check(const Cells& cells);
/// Throws as `check` does, and NotConverged.
CellsOptimum solve_cells(const Cells& cells);

}  // namespace umkehr
