// SPDX-License-Identifier: GPL-3.0-or-later
// Masses at points as values p at the centres of a grid, such that h^d sum p J is sum m J for every J that splines of the
// grid hold (spline.hpp): deposited with the splines' weights, and divided by their symbol in Fourier space. What jumps
// between the centres is told by quadrature, and not by where the centres happen to lie.
#pragma once

#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "grids/points.hpp"

namespace umkehr {

/// Each mass is spread by a Gaussian of these variances, one an axis; none if there are none.
std::vector<double> spline_projection(const Grid& grid, Points points, std::span<const double> masses,
                                      std::span<const double> variances = {});

}  // namespace umkehr
