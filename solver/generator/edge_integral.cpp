// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/generator/edge_integral.hpp"

#include <algorithm>
#include <cmath>

namespace umkehr {
namespace {

const std::array<double, 3> edge_nodes = {0.5 - std::sqrt(0.15), 0.5, 0.5 + std::sqrt(0.15)};

/// Where a fraction of the way along the edge across a face lies.
double position(const Axis& axis, std::size_t face, double fraction) {
  const double h = axis.spacing();
  if (axis.boundary == Boundary::periodic) {
    // Both ends of a periodic axis are one face; a drift that is not written periodically is read within the axis.
    const double x = axis.from + h * (static_cast<double>(face == 0 ? axis.points : face) - 0.5 + fraction);
    return x > axis.to ? x - axis.length() : x;
  }
  if (face == 0) return axis.from + 0.5 * h * fraction;
  const double length = face == axis.points ? 0.5 * h : h;
  return axis.centre(face - 1) + length * fraction;
}

}  // namespace

double edge_length(const Axis& axis, std::size_t face) {
  const bool at_wall = (face == 0 || face == axis.points) && axis.boundary != Boundary::periodic;
  return at_wall ? 0.5 * axis.spacing() : axis.spacing();
}

EdgeNodes::EdgeNodes(const Grid& grid, const AxisLines& lines)
    : grid_(grid), lines_(lines), points_(grid.dimension(), (lines.length() + 1) * lines.lanes()) {}

const Points& EdgeNodes::of(std::size_t batch, std::size_t node) {
  const std::size_t rows = lines_.length() + 1, lanes = lines_.lanes();
  for (std::size_t k = 0; k < grid_.dimension(); ++k) {
    const Axis& axis = grid_.axis(k);
    const std::span<double> x = points_[k];
    if (k != lines_.axis()) {
      for (std::size_t lane = 0; lane < lanes; ++lane)
        x[lane] = axis.centre(lines_.cell(batch, lane, 0) / grid_.stride(k) % axis.points);
      for (std::size_t place = lanes; place < x.size(); ++place) x[place] = x[place - lanes];
    } else if (lines_.is_segmented()) {
      for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t lane = 0; lane < lanes; ++lane)
          x[row * lanes + lane] = position(axis, lines_.face(lane, row), edge_nodes[node]);
    } else {
      for (std::size_t row = 0; row < rows; ++row)
        std::fill_n(&x[row * lanes], lanes, position(axis, row, edge_nodes[node]));
    }
  }
  return points_;
}

}  // namespace umkehr
