// SPDX-License-Identifier: GPL-3.0-or-later
// What the groups of all tasks share: coordinates, and fields on (t, axes...).
#pragma once

#include <string>
#include <vector>

#include "experiments/output/result.hpp"
#include "grids/grid.hpp"

namespace umkehr {

/// t and the axes.
std::vector<Coordinate> coordinates_of(const Grid& grid, const std::vector<double>& times);
/// `first`, then the names of the axes.
std::vector<std::string> dimensions_of(const Grid& grid, const std::string& first = "t");
/// "1.5, 2": as the experiment file would write them.
std::string list_text(const std::vector<double>& numbers);

}  // namespace umkehr
