// SPDX-License-Identifier: GPL-3.0-or-later
// The density that a drift F_k = -(D_k/2) d_k Phi would keep between walls that nothing passes: exp(-Phi). Face
// exponents that are ratios of its cell means keep it to roundoff, whatever the step, along all axes one by one.
#pragma once

#include <vector>

#include "grids/grid.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// -ln of the cell means of exp(-Phi), by the Gauss rule of five points an axis; nothing where the process has no such
/// Phi that stays the same in time (quasi_potential.hpp).
std::vector<double> equilibrium_exponents(const Process& process, const Grid& grid);

}  // namespace umkehr
