// SPDX-License-Identifier: GPL-3.0-or-later
// What remains of lines when their segments have been eliminated: the joints between them, a chain or a ring of few
// unknowns of the same kind, (s_j + a_j + b_{j-1}) c_j - a_{j-1} c_{j-1} - b_j c_{j+1} = r_j. Eliminated like a segment
// (segment_sweep.hpp) with s_j > 0 in place of 1. A ring's last joint is eliminated last; its pivot is s plus the sum
// of what the others, each times its s, answer to a unit in it, so that nothing is subtracted there either.
#pragma once

#include <cstddef>
#include <vector>

#include "solver/finite_volume/segment_sweep.hpp"

namespace umkehr {

class JointChain {
 public:
  JointChain(std::size_t joints, bool is_ring);

  /// s, a (upwards, to joint j + 1) and b (downwards, from it), to be filled before `factor`.
  std::vector<double> kept, up, down;
  void factor(Direction direction);
  /// In place.
  void solve(double* c, Direction direction) const;

 private:
  void sweep(double* c, Direction direction) const;
  std::vector<double> response(Direction direction) const;

  std::size_t rows_;  // those eliminated one after the other
  bool is_ring_;
  std::vector<double> inverse_pivot_, from_below_, from_above_;
  std::vector<double> response_, transposed_response_;
  double last_inverse_pivot_ = 0;
};

}  // namespace umkehr
