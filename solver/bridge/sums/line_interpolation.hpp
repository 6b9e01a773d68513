// SPDX-License-Identifier: GPL-3.0-or-later
// Logarithms on a line of equal cells between their centres: polynomials through the 8 nearest of them, and sums over the
// nodes of a Gauss-Hermite rule.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace umkehr {

inline constexpr std::size_t interpolated_from = 8;

/// Weights of the values at first, first + 1, ... of a place in cells from the centre of the first cell of all.
struct LineStencil {
  std::ptrdiff_t first;
  std::array<double, interpolated_from> weight;

  explicit LineStencil(double place);
  /// The same within a line of so many cells, 8 at least.
  LineStencil(double place, std::size_t cells);
  /// The value there; that of the nearest centre where some of the values are not finite. `line` begins `margin` cells
  /// before the cell that places count from.
  double operator()(std::span<const double> line, std::ptrdiff_t margin, std::ptrdiff_t shift = 0) const;

 private:
  void weigh(double place);
  std::ptrdiff_t nearest_;
};

/// Nodes of N(0, 1) and the logarithms of their weights.
struct NormalNodes {
  std::vector<double> place, log_weight;
  explicit NormalNodes(std::size_t count);
  /// As many as resolve a smooth function under a Gaussian of that deviation in cells.
  static NormalNodes over(double cells);
};

}  // namespace umkehr
