// SPDX-License-Identifier: GPL-3.0-or-later
// How much of a mass or a value walls make. Where killing below zero or a terminal value that grows outweighs how rarely
// paths get there, an expectation is infinite on the line, and what a box gives is the box's own:
//   share = 1 - J_absorbing / J_reflecting,  J(x, s) = E[|J1(x(stop))| exp(-int V)],
// beside the probability that a path meets a wall, which is the same with J1 = 1 and V = 0. Taken on a coarse grid.
#pragma once

#include <string>

#include "grids/grid.hpp"
#include "solver/law/law.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

struct WallWeight {
  double share = 0;        ///< of the mass or value that comes from paths which met a wall
  double probability = 0;  ///< that a path meets one
  /// Walls that paths meet are the problem's own; here only those count that matter though hardly any path meets them.
  bool is_artefact() const { return share > 1e-3 && probability < 1e-2 * share; }
};

/// Of the mass at `stop` that a law has become. Nought where no mass is created.
WallWeight wall_weight(const Process& process, const Grid& grid, const Law& initial, double start,
                       double stop);
/// Of the value at `start` in the middle half of the axes, where it is least.
WallWeight wall_weight(const Process& process, const Grid& grid, const Coefficient& terminal, double start,
                       double stop);

/// Throw NumericalFailure where the mass or the value is an artefact of the walls, or would be one of walls twice as far apart
/// though hardly any path meets those that there are. Methods on the whole line are held to the latter alone.
void require_finite_mass(const Process& process, const Grid& grid, const Law& initial, double start,
                         double stop, bool on_the_line);
void require_finite_value(const Process& process, const Grid& grid, const Coefficient& terminal, double start,
                          double stop, bool on_the_line);

}  // namespace umkehr
