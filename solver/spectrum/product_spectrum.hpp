// SPDX-License-Identifier: GPL-3.0-or-later
// Axes between walls that do not act on each other: F_k depends on x_k alone and V is a sum of functions of one coordinate.
// Eigenvalues are sums of the axes' own and functions products, so that small rates keep their digits in any dimension.
#pragma once

#include "grids/grid.hpp"
#include "solver/process/process.hpp"
#include "solver/spectrum/chain/interval_spectrum.hpp"

namespace umkehr {

/// Whether a process is such a product, as far as its form and its values at the centres show.
bool is_product_of_intervals(const Process& process, const Grid& grid, double t);

/// Its slowest modes. Throws as interval_modes() does.
IntervalModes product_modes(const Process& process, const Grid& grid, double t, std::size_t count);

}  // namespace umkehr
