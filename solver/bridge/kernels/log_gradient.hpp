// SPDX-License-Identifier: GPL-3.0-or-later
// d_k of a logarithm on a grid: the derivative at each centre of the polynomial through the 9 nearest centres along the
// axis (order 8; Fornberg, Math. Comp. 51 (1988) 699), nearer to walls one-sided; through fewer where values are
// -infinity, zero where nothing else is left. Periodic axes wrap. What vanishes at an absorbing wall has the logarithm of
// the distance in it, which no polynomial follows: it is taken off and differentiated on its own, where what is left is
// smoother than the whole.
#pragma once

#include <cstddef>
#include <span>

#include "grids/grid.hpp"

namespace umkehr {

void log_gradient(const Grid& grid, std::span<const double> log_values, std::size_t axis,
                  std::span<double> out);

}  // namespace umkehr
