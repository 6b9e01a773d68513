// SPDX-License-Identifier: GPL-3.0-or-later
// Kramers' formula in one dimension: with small noise the process hops from the minimum a of its potential U, F = -U', over
// the barrier at b at the rate
//   k = sqrt(U''(a) |U''(b)|) / (2 pi) exp(-2 (U(b) - U(a)) / D),
// so that the slowest relaxation rates are the eigenvalues of a chain of wells (Kramers, Physica 7 (1940) 284; errors are
// of first order in D).
#pragma once

#include <vector>

#include "grids/grid.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// One rate fewer than wells lie on the grid, ascending; none where there are fewer than two, no
/// potential at all, or losses by killing or at walls, of which the formula knows nothing.
std::vector<double> kramers_rates(const Process& process, const Grid& grid, double t);

}  // namespace umkehr
