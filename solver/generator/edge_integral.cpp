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
  const auto fill = [&](std::size_t batch, std::size_t lane, std::size_t node, std::size_t k) {
    const Axis& axis = grid.axis(k);
    const bool along = k == lines.axis();
    const double across = axis.centre(lines.cell(batch, lane, 0) / grid.stride(k) % axis.points);
    double* x = result[node][k].data() + batch * rows * lanes + lane;
    for (std::size_t row = 0; row < rows; ++row)
      x[row * lanes] = along ? position(axis, lines.face(lane, row), nodes[node]) : across;
  };
  for (std::size_t batch = 0; batch < lines.batches(); ++batch)
    for (std::size_t lane = 0; lane < lanes; ++lane)
      for (std::size_t node = 0; node < nodes.size(); ++node)
        for (std::size_t k = 0; k < grid.dimension(); ++k) fill(batch, lane, node, k);
  return result;
}

}  // namespace umkehr
