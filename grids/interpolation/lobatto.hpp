// SPDX-License-Identifier: GPL-3.0-or-later
// Cardinal functions between the walls of an axis: polynomials, each one at its own node of Gauss-Lobatto's quadrature and
// zero at the others, the walls among the nodes; trigonometric at even nodes on a circle. Products are integrated at the
// nodes, sum_q w_q f(x_q) g(x_q), exactly up to degree 2 count - 3. Canuto, Hussaini, Quarteroni & Zang, Spectral Methods
// (2006), section 2.3; interpolation by Berrut & Trefethen, SIAM Rev. 46 (2004) 501.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "grids/axis.hpp"
#include "grids/dense/eigen.hpp"

namespace umkehr {

struct CardinalBasis {
  /// At least three functions; on a circle an odd number, for the derivative to see all of them.
  CardinalBasis(const Axis& axis, std::size_t count);

  std::size_t size() const { return node.size(); }
  /// Values at points of the axis, (points, count).
  Eigen::MatrixXd at(std::span<const double> x) const;

  std::vector<double> node, weight;  ///< ascending; weights add up to the axis's length
  Eigen::MatrixXd derivative;        ///< of function j at node i
  bool is_periodic;
};

}  // namespace umkehr
