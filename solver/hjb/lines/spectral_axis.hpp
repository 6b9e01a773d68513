// SPDX-License-Identifier: GPL-3.0-or-later
// An axis for functions whose third derivatives vanish at both walls, as parabolas' do: polynomials through Chebyshev's
// points x_j = middle - half cos(pi j/(n - 1)), known by their values inside, those at the walls following from the condition
// (barycentric differentiation: Berrut & Trefethen, SIAM Rev. 46 (2004) 501). With no condition d^2/dx^2 on polynomials is
// nilpotent and its exponential grows without bound. Periodic axes: trigonometric interpolation at equal distances.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "grids/axis.hpp"
#include "grids/dense/eigen.hpp"

namespace umkehr {

struct SpectralAxis {
  /// `count` nodes, walls not counted, and what interpolates from them to `centres`.
  SpectralAxis(const Axis& axis, std::size_t count, const std::vector<double>& centres);

  std::vector<double> nodes;
  Eigen::MatrixXd gradient, curvature;  ///< d/dx and d^2/dx^2 at the nodes
  Eigen::MatrixXd to_centres, gradient_at_centres;
  Eigen::MatrixXd roughest;  ///< the part at the nodes of the last sixteenth of the polynomials, or waves
};

/// How far the interpolant of f on `count` nodes is from f, between them.
struct InterpolationError {
  double largest = 0;  ///< relative to 1 + |f|
  double mean = 0;     ///< of |f - interpolant|
};
InterpolationError interpolation_error(const Axis& axis, const std::function<double(double)>& f,
                                       std::size_t count);

}  // namespace umkehr
