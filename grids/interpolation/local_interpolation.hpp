// SPDX-License-Identifier: GPL-3.0-or-later
// Values at the centres of a grid, between them: tensor products of Lagrange polynomials through the nearest centres, exact at
// the centres. Periodic axes wrap. Places are taken eight at a time (eight_stencils.hpp); no value depends on which others
// are asked for, nor on the number of threads. A place that is no number has none for its value.
#pragma once

#include <span>
#include <vector>

#include "grids/grid.hpp"

namespace umkehr {

/// Through 8 centres, of order 8; beyond the outer centres of axes that are not periodic values go on linearly.
void interpolate_locally(const Grid& grid, std::span<const double> values, const Points& x,
                         std::span<double> out);
/// Several fields, one array of `out` each.
void interpolate_locally(const Grid& grid, const Components& fields, const Points& x, Components& out);

/// Through 4 centres, of order 4, up to the walls; beyond them the value is that at the wall.
void interpolate_cubically(const Grid& grid, std::span<const double> values, const Points& x,
                           std::span<double> out);

/// Replaces values that are not `trusted` by linear continuation from those that are, cell by cell outwards.
void continue_linearly(const Grid& grid, std::span<double> values, std::vector<bool> trusted);

}  // namespace umkehr
