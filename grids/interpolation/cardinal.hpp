// SPDX-License-Identifier: GPL-3.0-or-later
// Derivatives in the basis of cardinal functions, each one at its own centre of an axis and zero at the others:
// sinc((x - x_j)/h) on the line,
//   (d)_ij = (-1)^(i-j) / (h (i-j)),   (d^2)_ij = -2 (-1)^(i-j) / (h^2 (i-j)^2),   (d^2)_ii = -pi^2/(3 h^2),
// trigonometric on a circle (periodic axes). Stenger, SIAM Rev. 23 (1981) 165; Trefethen, Spectral Methods in Matlab.
#pragma once

#include "grids/axis.hpp"
#include "grids/dense/eigen.hpp"

namespace umkehr {

/// (points, points), antisymmetric.
Eigen::MatrixXd cardinal_derivative(const Axis& axis);
/// (points, points), symmetric, never positive.
Eigen::MatrixXd cardinal_second_derivative(const Axis& axis);

}  // namespace umkehr
