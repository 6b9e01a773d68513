// SPDX-License-Identifier: GPL-3.0-or-later
// out[.., i, ..] = ln sum_j exp(in[.., j, ..] + m x_i x_j) along one axis of a grid, x from the axis' middle. Lines, or the
// tiles of a single one, are shared out between threads in blocks that do not depend on their number.
#pragma once

#include <span>

#include "grids/grid.hpp"
#include "solver/bridge/sums/bilinear_log_sum.hpp"

namespace umkehr {

class LineLogSum {
 public:
  LineLogSum(double coupling, const Grid& grid, std::size_t axis);
  /// `out` may be `in`.
  void operator()(std::span<const double> in, std::span<double> out) const;
  std::size_t memory() const { return sum_.memory(); }

 private:
  void single_line(std::span<const double> in, std::span<double> out) const;
  void block(std::size_t n, const double* in, double* out, BilinearLogSum::Workspace& work) const;

  BilinearLogSum sum_;
  std::size_t points_, stride_, size_;
};

}  // namespace umkehr
