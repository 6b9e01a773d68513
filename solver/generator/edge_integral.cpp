// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/generator/edge_integral.hpp"

#include <cmath>

namespace umkehr {
namespace {

const std::array<double, 3> nodes = {0.5 - std::sqrt(0.15), 0.5, 0.5 + std::sqrt(0.15)};

/// Where a fraction of the way along the edge across face `row` lies.
double position(const Axis& axis, std::size_t row, double fraction) {
  const double h = axis.spacing();
  if (axis.boundary == Boundary::periodic) {
    // Both ends of a periodic axis are one face; a drift that is not written periodically is read within the axis.
    const double x = axis.from + h * (static_cast<double>(row == 0 ? axis.points : row) - 0.5 + fraction);
    return x > axis.to ? x - axis.length() : x;
  }
  if (row == 0) return axis.from + 0.5 * h * fraction;
  const double length = row == axis.points ? 0.5 * h : h;
  return axis.centre(row - 1) + length * fraction;
}

}  // namespace

double edge_length(const Grid& grid, const AxisLines& lines, std::size_t row) {
  const Axis& axis = grid.axis(lines.axis());
  const bool at_wall = (row == 0 || row == axis.points) && axis.boundary != Boundary::periodic;
  return at_wall ? 0.5 * axis.spacing() : axis.spacing();
}

std::vector<Points> edge_nodes(const Grid& grid, const AxisLines& lines) {
  const std::size_t rows = lines.length() + 1, lanes = lines.lanes();
  std::vector<Points> result(nodes.size(), Points(grid.dimension(), lines.batches() * rows * lanes));
  for (std::size_t node = 0; node < nodes.size(); ++node)
    for (std::size_t k = 0; k < grid.dimension(); ++k) {
      const std::span<double> x = result[node][k];
      for (std::size_t place = 0; place < x.size(); ++place) {
        const std::size_t row = place / lanes % rows;
        const std::size_t start = lines.cell(place / (lanes * rows), place % lanes, 0);
        x[place] = k == lines.axis() ? position(grid.axis(k), row, nodes[node])
                                     : grid.axis(k).centre(start / grid.stride(k) % grid.axis(k).points);
      }
    }
  return result;
}

}  // namespace umkehr
