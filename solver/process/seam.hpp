// SPDX-License-Identifier: GPL-3.0-or-later
// A formula without jumps may have one on a ring: where its ends meet, if they do not agree.
#pragma once

#include "grids/grid.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// Whether a formula and its derivatives, as far as a grid sees them, go on across the seam of every ring.
bool closes(const Coefficient& function, const Grid& grid, double t);

/// Whether it has jumps or kinks on this grid, between its own pieces or at a seam.
bool is_in_pieces(const Coefficient& function, const Grid& grid, double t);

/// Values at the centres, projected where it has (pieces.hpp).
void sample(const Coefficient& function, const Grid& grid, double t, std::span<double> values);

/// Whether neither drift nor killing has any.
bool is_smooth(const Process& process, const Grid& grid, double t);

}  // namespace umkehr
