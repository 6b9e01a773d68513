// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/bridge/bridge.hpp"

namespace umkehr {

/// Throws UnfitProblem where solve_bridge() would before it iterates: the ends are no densities on this grid, there is
/// no closed form, or its kernel is too narrow for the cells.
void check_bridge(const Process& reference, const Grid& grid, const Law& initial, const Law& final,
                  double start, double stop, const std::vector<double>& times, const BridgeChoices& choices);

}  // namespace umkehr
