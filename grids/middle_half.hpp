// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>

#include "grids/grid.hpp"

namespace umkehr {

/// Whether a cell lies in the middle half of each axis (or each but one), where walls and what is cut off far out matter
/// least.
inline bool in_middle_half(const Grid& grid, std::size_t cell, std::optional<std::size_t> but = {}) {
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const std::size_t n = grid.axis(k).points, at = cell / grid.stride(k) % n;
    if (k != but && (4 * at + 2 < n || 4 * at + 2 > 3 * n)) return false;
  }
  return true;
}

}  // namespace umkehr
