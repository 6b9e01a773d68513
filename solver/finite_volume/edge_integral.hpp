// SPDX-License-Identifier: GPL-3.0-or-later
// Integrals along the edges that join neighbouring cell centres (and end centres with absorbing walls), by the Gauss
// rule of three points: exact for polynomials of degree 5. Where the border of a piece of a formula cuts an edge, or the
// cells' faces that it stands for, or where a ring is closed by a jump, it is the mean over those faces of the integral
// between the borders (pieces.hpp): of order 2 again. A force that must be integrated anew at each time, or in space, is taken
// on the edge itself, which is of order 1 where its borders lie along the axis.
#pragma once

#include <array>
#include <optional>

#include "grids/axis_lines.hpp"
#include "grids/grid.hpp"
#include "grids/points.hpp"
#include "solver/process/pieces.hpp"

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

/// What the rule of three points cannot see of the force F = -dU/dx along an axis: its jumps, and those of U.
class CutEdges {
 public:
  /// `potential` may be none.
  CutEdges(const Pieces& force, const Pieces* potential, const Grid& grid, const AxisLines& lines);
  /// Whether there is anything to look for.
  bool may_be() const { return known_.are_several() || closes_; }
  /// The mean of F over the edge of that place in a batch, if it is cut.
  std::optional<double> mean(std::size_t batch, std::size_t place, double t) const;

 private:
  /// Every edge but those across the seam of a ring is in one part.
  struct Parts {
    std::array<Box, 2> box;
    std::size_t count = 1;
    bool is_seam() const { return count == 2; }
  };
  Parts parts(std::size_t batch, std::size_t place) const;
  bool jumps_at_seam(const Parts& seam, double t) const;
  double mean_force(const Box& box, double t) const;

  const Grid& grid_;
  const AxisLines& lines_;
  const Pieces& force_;
  const Pieces* potential_;
  const Pieces& known_;  // the potential where there is one, else the force
  bool closes_;
};

/// Length of the edge across a face: half a cell at a wall.
double edge_length(const Axis& axis, std::size_t face);

}  // namespace umkehr
