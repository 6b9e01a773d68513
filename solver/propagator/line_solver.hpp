// SPDX-License-Identifier: GPL-3.0-or-later
// (1 - g h A) x = r along lines, A the tridiagonal generator of an axis or its transpose; all lines of a batch at once.
// Elimination without any subtraction (Grassmann, Taksar & Heyman, Oper. Res. 33 (1985) 1107): with a_i and b_i the
// rates (times g h) through the face on the right of cell i, upwards and downwards, pivots are e_i + a_i where
//   e_0 = 1 + wall rate,  e_{i+1} = 1 + b_i e_i / (e_i + a_i),
// so that each x is as exact, relative to itself, as r and the rates are, however stiff the step.
// The transposed system has the same pivots, with a_i and b_i exchanged in both sweeps.
// Periodic lines: the last cell is eliminated last; its pivot is 1 + the sum of the others' answers to a unit in it.
#pragma once

#include <cstddef>
#include <vector>

#include "grids/axis.hpp"
#include "grids/lanes.hpp"

namespace umkehr {

enum class Direction { forward, backward };

/// Factors of one batch of lines, and room to use them.
class LineSolver {
 public:
  LineSolver(std::size_t length, std::size_t lanes, Boundary boundary);

  /// Faces 0 ... length, `lanes` values each, to be filled with g h times the rates before `factor`.
  double* up() { return up_.data(); }
  double* down() { return down_.data(); }
  void factor(Direction direction);
  /// x = (1 - g h A)^-1 right, or with the transpose; x may be right.
  void solve(const double* right, double* x, Direction direction) const;

 private:
  template <int V>
  void eliminate();
  template <int V>
  void sweep(std::size_t rows, const double* right, double* x, Direction direction) const;
  template <int V>
  void close(const double* right, double* x, Direction direction) const;
  void find_response(Direction direction, std::vector<double>& response) const;

  std::size_t length_, lanes_;
  Boundary boundary_;
  std::vector<double> up_, down_;                                // (length + 1, lanes)
  std::vector<double> inverse_pivot_, from_below_, from_above_;  // (length, lanes)
  std::vector<double> response_, transposed_response_;           // periodic lines: to a unit in the last cell
  std::vector<double> last_inverse_pivot_;                       // (lanes)
};

}  // namespace umkehr
