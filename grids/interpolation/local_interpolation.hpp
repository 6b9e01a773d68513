// SPDX-License-Identifier: GPL-3.0-or-later
// Values at the centres of a grid, between them: tensor products of Lagrange polynomials through the 8 nearest centres, of
// order 8 and exact at the centres. Periodic axes wrap; beyond the outer centres of others values go on linearly.
#pragma once

#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "grids/history.hpp"

namespace umkehr {

void interpolate_locally(const Grid& grid, std::span<const double> values, const Points& x,
                         std::span<double> out);

/// A history at time t, by such a polynomial in time; `t` may not lie outside its times.
std::vector<double> interpolate_in_time(const History& history, double t);

/// Replaces values that are not `trusted` by linear continuation from those that are, cell by cell outwards.
void continue_linearly(const Grid& grid, std::span<double> values, std::vector<bool> trusted);

}  // namespace umkehr
