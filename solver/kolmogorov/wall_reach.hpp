// SPDX-License-Identifier: GPL-3.0-or-later
// How far inside values feel the walls of an axis: where a path meets one before the end with a probability above 1e-6.
// That probability is one minus the value of 1 with absorbing walls and no killing, taken on a coarse grid by backward
// Euler, which spreads a little too far: the distances err on the safe side.
#pragma once

#include <string>
#include <vector>

#include "grids/grid.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// Distance from each wall within which values at `start` feel it; at most the axis' length.
struct WallReach {
  double lower = 0, upper = 0;
};

/// For one non-periodic axis, the others in the middle half of theirs. A path that ends within `share` of the axis before
/// a wall counts as one that met it.
WallReach wall_reach(const Process& process, const Grid& grid, std::size_t axis, double start, double stop,
                     double share = 0);

std::string wall_reach_warning(const Axis& axis, const WallReach& reach, double start);

}  // namespace umkehr
