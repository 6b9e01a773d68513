// SPDX-License-Identifier: GPL-3.0-or-later
// Times at which a smooth history is known well enough to be interpolated: Lagrange's polynomial through the 8 nearest.
#pragma once

#include <cstddef>
#include <vector>

#include "grids/history.hpp"
#include "grids/interpolation/lagrange.hpp"

namespace umkehr {

/// Weights at time t of the nearest of ascending `times`; `left_out` is the index of one that is not to be used.
LagrangeStencil stencil_in_time(const std::vector<double>& times, double t, std::ptrdiff_t left_out = -1);

/// For each time the relative L1 distance of the field from what its neighbours say of it; the ends count as exact.
std::vector<double> left_out_errors(const History& history);

}  // namespace umkehr
