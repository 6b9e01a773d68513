// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "experiments/input/names.hpp"
#include "experiments/text/toml_value.hpp"
#include "grids/grid.hpp"

namespace umkehr {

/// The grid of the tables [[axis]]. Throws ExperimentError.
Grid read_axes(TomlValue& tables, const IsWritten& is_written);

/// The names of the coordinates of the table [space]: its `names`, or x1, x2, ... up to its `dimension`. Throws
/// ExperimentError.
std::vector<std::string> read_space(TomlValue& table, const IsWritten& is_written);

/// Cells of one or two coordinates, without walls.
struct Bins {
  Grid grid;
  std::vector<std::size_t> coordinates;  ///< that its axes are
};

/// The table NAME = { from, to, points } of coordinates `names`. Throws ExperimentError.
Bins read_bins(TomlValue& tables, const std::vector<std::string>& names);

}  // namespace umkehr
