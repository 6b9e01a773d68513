// SPDX-License-Identifier: GPL-3.0-or-later
// N(x; y, variance) (2.8, 2.9) between two sets of places on one axis, summed over its images in the walls: what
// reflecting walls mirror, what absorbing ones mirror with the other sign, what a circle repeats.
#pragma once

#include <vector>

#include "grids/axis.hpp"
#include "grids/dense/eigen.hpp"

namespace umkehr {

/// Entry (i, j) of x_i and y_j, both within the walls of `axis`.
Eigen::MatrixXd gaussian_images(const Axis& axis, const std::vector<double>& x, const std::vector<double>& y,
                                double variance);

}  // namespace umkehr
