// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/generator/edge_integral.hpp"

#include <cmath>

namespace umkehr {
namespace {

const std::array<double, 3> nodes = {0.5 - std::sqrt(0.15), 0.5, 0.5 + std::sqrt(0.15)};

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

std::vector<Points> edge_nodes(const Grid& grid, const AxisLines& lines) {
  const std::size_t rows = lines.length() + 1, lanes = lines.lanes();
  std::vector<Points> result(nodes.size(), Points(grid.dimension(), lines.batches() * rows * lanes));
  for (std::size_t node = 0; node < nodes.size(); ++node)
    for (std::size_t k = 0; k < grid.dimension(); ++k) {
      const std::span<double> x = result[node][k];
      for (std::size_t place = 0; place < x.size(); ++place) {
        const std::size_t row = place / lanes % rows, lane = place % lanes;
        const std::size_t start = lines.cell(place / (lanes * rows), lane, 0);
        x[place] = k == lines.axis() ? position(grid.axis(k), lines.face(lane, row), nodes[node])
                                     : grid.axis(k).centre(start / grid.stride(k) % grid.axis(k).points);
      }
    }
  return result;
}

}  // namespace umkehr
