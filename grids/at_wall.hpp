// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "grids/grid.hpp"

namespace umkehr {

/// Whether a cell lies along a wall; a periodic axis has none.
inline bool is_at_wall(const Grid& grid, std::size_t cell) {
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const std::size_t n = grid.axis(k).points, i = cell / grid.stride(k) % n;
    if (grid.axis(k).boundary != Boundary::periodic && (i == 0 || i + 1 == n)) return true;
  }
  return false;
}

/// The largest |value| along walls, over the largest anywhere.
inline double share_at_walls(const Grid& grid, std::span<const double> values) {
  double most = 0, at_walls = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    most = std::max(most, std::abs(values[i]));
    if (is_at_wall(grid, i)) at_walls = std::max(at_walls, std::abs(values[i]));
  }
  return most > 0 ? at_walls / most : 0;
}

}  // namespace umkehr
