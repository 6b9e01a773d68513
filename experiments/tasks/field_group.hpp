// SPDX-License-Identifier: GPL-3.0-or-later
// What the groups of all tasks share: coordinates, and fields on (t, axes...).
#pragma once

#include <string>
#include <vector>

#include "experiments/output/result.hpp"
#include "grids/grid.hpp"
#include "solver/kolmogorov/grid_errors.hpp"

namespace umkehr {

/// t and the axes.
std::vector<Coordinate> coordinates_of(const Grid& grid, const std::vector<double>& times);
/// `first`, then the names of the axes.
std::vector<std::string> dimensions_of(const Grid& grid, const std::string& first = "t");
/// Says of a variable of the group that it holds means over the cells, and where these end.
void note_cell_means(Group& group, const Grid& grid, const std::string& variable);
/// Scalars `grid_error` and `step_error`, where they are known, of what and where; and which of them rules.
void add_errors(Group& group, const GridErrors& errors, double steps_claim, const std::string& meaning,
                const std::string& equation);
/// "1.5, 2": as the experiment file would write them.
std::string list_text(const std::vector<double>& numbers);

}  // namespace umkehr
