// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "grids/grid.hpp"
#include "solver/process/coefficient.hpp"

namespace umkehr {

/// What a function does at the cell centres of a grid.
struct Extremes {
  double least = 0;
  double largest = 0;
  std::string where_least;                      ///< such as "x = 1, y = 2"; only if it is negative
  std::optional<std::string> where_not_finite;  ///< the first such point
};

/// Looks at every cell centre, or at a million of them spread evenly over a grid that has more, block by
/// block.
Extremes extremes(const Coefficient& function, double t, const Grid& grid);

}  // namespace umkehr
