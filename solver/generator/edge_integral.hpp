// SPDX-License-Identifier: GPL-3.0-or-later
// Integrals along the edges that join neighbouring cell centres (and end centres with absorbing walls), by the Gauss
// rule of three points: exact for polynomials of degree 5.
#pragma once

#include <array>

#include "grids/grid.hpp"
#include "grids/points.hpp"
#include "solver/generator/axis_lines.hpp"

namespace umkehr {

inline constexpr std::array<double, 3> edge_weights = {5.0 / 18, 8.0 / 18, 5.0 / 18};

/// The nodes of all edges of a batch, in the order of its faces.
class EdgeNodes {
 public:
  EdgeNodes(const Grid& grid, const AxisLines& lines);
  /// One of the three nodes of each edge; until the next call.
  const Points& of(std::size_t batch, std::size_t node);

 private:
  const Grid& grid_;
  const AxisLines& lines_;
  Points points_;
};

/// Length of the edge across a face: half a cell at a wall.
double edge_length(const Axis& axis, std::size_t face);

}  // namespace umkehr
