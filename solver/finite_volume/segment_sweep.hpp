// SPDX-License-Identifier: GPL-3.0-or-later
// (1 - g h A) x = r along segments of lines, A the tridiagonal generator of an axis or its transpose, nothing entering
// at the ends; all segments of a batch at once.
// Elimination without any subtraction (Grassmann, Taksar & Heyman, Oper. Res. 33 (1985) 1107): with a_i and b_i the
// rates (times g h) through the face on the right of cell i, upwards and downwards, pivots are e_i + a_i where
//   e_0 = 1 + b_{-1},  e_{i+1} = 1 + b_i e_i / (e_i + a_i),
// so that each x is as exact, relative to itself, as r and the rates are, however stiff the step. Where cell i is killed
// at the rate v_i >= 0 (times g h), 1 + v_i stands in place of 1.
// The transposed system has the same pivots, with a_i and b_i exchanged in both sweeps.
#pragma once

#include <cstddef>

#include "grids/machine/lane_buffer.hpp"
#include "solver/stepping/step.hpp"

namespace umkehr {

class SegmentSweep {
 public:
  /// Segments of `rows` cells in batches of `lanes`: 8, 16 or 32.
  SegmentSweep(std::size_t rows, std::size_t lanes);

  /// From rates through faces 0 ... rows, `lanes` values each, and those of killing, where there is any.
  void factor(const double* up, const double* down, const double* killing);
  /// x may be right.
  void solve(const double* right, double* x, Direction direction) const;

 private:
  template <int V, bool kills>
  void eliminate(const double* up, const double* down, const double* killing);
  template <int V>
  void rise(const double* right, double* x, const double* rising) const;
  template <int V>
  void fall(double* x, const double* falling) const;
  const double* rising(Direction direction) const;
  const double* falling(Direction direction) const;

  std::size_t rows_, lanes_;
  LaneBuffer inverse_pivot_, from_below_, from_above_;  // (rows, lanes)
};

}  // namespace umkehr
