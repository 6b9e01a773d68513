// SPDX-License-Identifier: GPL-3.0-or-later
// A diffusion between two walls as a chain of cells that hop to their neighbours alone, in flux form:
//   (-L phi)_i = right_i (phi_i - phi_{i+1}) + left_i (phi_i - phi_{i-1}) + sink_i phi_i,
// all rates >= 0. The pivots p_i of -L - lambda follow by the stationary quotient-difference transform
//   e_i = sink_i - lambda + left_i e_{i-1}/p_{i-1},   p_i = right_i + e_i,
// and those below zero count the eigenvalues below lambda. Nothing is subtracted but lambda, so that bisection finds every
// eigenvalue to the relative accuracy of the rates, however small it is (Demmel & Kahan, SIAM J. Sci. Stat. Comput. 11
// (1990) 873; Fernando & Parlett, Numer. Math. 67 (1994) 191). Eigenvectors by twisted factorisations (Dhillon & Parlett,
// Linear Algebra Appl. 387 (2004) 1).
#pragma once

#include <cstddef>
#include <vector>

namespace umkehr {

struct HoppingChain {
  std::vector<double> right, left, sink;  ///< right of the last cell and left of the first are 0
  std::vector<double> log_mass;           ///< ln of exp(-Phi), integrated over each cell, up to a constant

  std::size_t size() const { return sink.size(); }
  bool is_conservative() const;
  /// How many eigenvalues lie below lambda.
  std::size_t count_below(double lambda) const;
  /// The lowest, ascending; 0 exactly where nothing sinks.
  std::vector<double> lowest(std::size_t count) const;
  /// phi of the first eigenvalues, orthogonal under the masses with mean squares of one.
  std::vector<std::vector<double>> functions(const std::vector<double>& eigenvalues) const;
};

}  // namespace umkehr
