// SPDX-License-Identifier: GPL-3.0-or-later
// Means over the cells of what is known at their centres, axis by axis:
//   mean_i = 1/h int_cell p(x) dx,
// p the polynomial through the nearest 8 centres (lagrange.hpp). Of order 8; near a wall p leans to one side.
#pragma once

#include <span>
#include <vector>

#include "grids/grid.hpp"

namespace umkehr {

std::vector<double> cell_averages(const Grid& grid, std::span<const double> values);

}  // namespace umkehr
