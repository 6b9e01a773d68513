// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/generator/killing_layer.hpp"

#include <algorithm>
#include <cmath>

#include "grids/team.hpp"

namespace umkehr {
namespace {

constexpr double nanoseconds_a_cell = 300;
constexpr double deepest = 100;  // k l beyond which nothing passes, and sinh would overflow

/// Two arms and what is lost between them, over D/2.
struct TwoPort {
  double below = 0, above = 0, loss = 0;
};

TwoPort piece(double length, double rate, double diffusion) {
  const double k = std::sqrt(2 * std::max(rate, 0.0) / diffusion), depth = std::min(k * length, deepest);
  if (!(depth > 1e-8)) return {length / 2, length / 2, k * k * length};
  const double arm = std::tanh(depth / 2) / k;
  return {arm, arm, k * std::sinh(depth)};
}

/// The delta between the two nodes becomes a star.
TwoPort joined(const TwoPort& a, const TwoPort& b) {
  const double between = a.above + b.below, loss = a.loss + b.loss + between * a.loss * b.loss;
  if (!(loss > 0)) return {a.below + between / 2, b.above + between / 2, 0};
  return {a.below + between * b.loss / loss, b.above + between * a.loss / loss, loss};
}

}  // namespace

KillingLayer killing_layer(const Pieces& killing, const Grid& grid, std::size_t axis, double t,
                           double diffusion, std::span<const double> rates, double least) {
  const Axis& line = grid.axis(axis);
  const std::size_t cells = grid.size(), stride = grid.stride(axis), points = line.points;
  const double spacing = line.spacing();
  std::vector<TwoPort> ports(cells);
  share(cells, nanoseconds_a_cell, [&](std::size_t cell) {
    const Box box = cell_box(grid, cell);
    if (!killing.are_several() || !killing.may_cut(box, t)) {
      ports[cell] = piece(spacing, rates[cell] - least, diffusion);
      return;
    }
    std::vector<double> point(grid.dimension());
    for (std::size_t k = 0; k < point.size(); ++k) point[k] = 0.5 * (box.from[k] + box.to[k]);
    std::vector<double> edges = killing.borders(point, axis, box.from[axis], box.to[axis], t);
    edges.push_back(box.to[axis]);
    double from = box.from[axis];
    bool is_first = true;
    for (const double to : edges) {
      point[axis] = 0.5 * (from + to);
      const TwoPort next = piece(to - from, killing.function()(point, t) - least, diffusion);
      ports[cell] = is_first ? next : joined(ports[cell], next);
      is_first = false;
      from = to;
    }
  });
  const bool wraps = line.boundary == Boundary::periodic;
  KillingLayer layer{std::vector<double>(cells), std::vector<double>(cells), std::vector<double>(cells)};
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const std::size_t i = cell / stride % points, last = (points - 1) * stride;
    const std::size_t previous = i > 0 ? cell - stride : wraps ? cell + last : cell;
    const std::size_t next = i + 1 < points ? cell + stride : wraps ? cell - last : cell;
    const bool at_start = previous == cell, at_end = next == cell;
    layer.rate[cell] = diffusion / (2 * spacing) * ports[cell].loss;
    layer.below[cell] =
        (ports[cell].below + (at_start ? ports[cell].below : ports[previous].above)) / spacing;
    layer.above[cell] = (ports[cell].above + (at_end ? ports[cell].above : ports[next].below)) / spacing;
  }
  return layer;
}

}  // namespace umkehr
