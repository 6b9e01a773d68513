// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/interpolation/lagrange.hpp"

#include <algorithm>
#include <cmath>

namespace umkehr {
namespace {

/// Of a cell that may lie beyond the ends of a ring.
std::size_t around(const Axis& axis, std::ptrdiff_t i) {
  const auto points = static_cast<std::ptrdiff_t>(axis.points);
  return static_cast<std::size_t>((i % points + points) % points);
}

using Slopes = std::array<std::array<double, max_lagrange_nodes>, max_lagrange_nodes>;

Slopes slopes_of(std::size_t count) {
  Slopes slopes{};
  for (std::size_t at = 0; at < count; ++at)
    for (std::size_t j = 0; j < count; ++j) {
      if (j == at) continue;
      double slope = 1;
      for (std::size_t m = 0; m < count; ++m)
        if (m != j)
          slope *= (m == at ? 1.0 : static_cast<double>(at) - static_cast<double>(m)) /
                   (static_cast<double>(j) - static_cast<double>(m));
      slopes[at][j] = slope;
      slopes[at][at] -= slope;
    }
  return slopes;
}

}  // namespace

void lagrange_weights(std::span<const double> nodes, double x, std::span<double> weights) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    weights[i] = 1;
    for (std::size_t j = 0; j < nodes.size(); ++j)
      if (j != i) weights[i] *= (x - nodes[j]) / (nodes[i] - nodes[j]);
  }
}

void lagrange_slopes(double x, std::span<double> slopes) {
  const std::size_t count = slopes.size();
  for (std::size_t i = 0; i < count; ++i) {
    slopes[i] = 0;
    for (std::size_t left_out = 0; left_out < count; ++left_out) {
      double product = left_out == i ? 0 : lagrange_scales[count][i];
      for (std::size_t j = 0; j < count; ++j)
        if (j != i && j != left_out) product *= x - static_cast<double>(j);
      slopes[i] += product;
    }
  }
}

std::span<const double> lagrange_slopes(std::size_t count, std::size_t at) {
  static const auto all = [] {
    std::array<Slopes, max_lagrange_nodes + 1> slopes;
    for (std::size_t n = 0; n < slopes.size(); ++n) slopes[n] = slopes_of(n);
    return slopes;
  }();
  return std::span(all[count][at]).first(count);
}

LagrangeStencil::LagrangeStencil(std::span<const double> nodes, std::size_t first, std::size_t number,
                                 double x)
    : count(number) {
  for (std::size_t i = 0; i < count; ++i) index[i] = first + i;
  lagrange_weights(nodes.subspan(first, count), x, weight);
}

LagrangeStencil LagrangeStencil::about(std::span<const double> nodes, std::size_t width, double x) {
  const std::size_t count = std::min(width, nodes.size());
  const auto above = std::upper_bound(nodes.begin(), nodes.end(), x) - nodes.begin();
  const auto first = std::clamp<std::ptrdiff_t>(above - static_cast<std::ptrdiff_t>(count / 2), 0,
                                                static_cast<std::ptrdiff_t>(nodes.size() - count));
  return {nodes, static_cast<std::size_t>(first), count, x};
}

LagrangeStencil::LagrangeStencil(const Axis& axis, std::size_t width, double cell) {
  const double nearest = std::nearbyint(cell);
  if (std::abs(cell - nearest) < moved_by_rounding * static_cast<double>(axis.points)) {
    count = 1;
    index[0] = around(axis, static_cast<std::ptrdiff_t>(nearest));
    weight[0] = 1;
    return;
  }
  const double first = take_nearest(axis, width, cell);
  lagrange_weights(cell - first, std::span(weight).first(count));
}

double LagrangeStencil::take_nearest(const Axis& axis, std::size_t width, double cell) {
  count = std::min(width, axis.points);
  std::ptrdiff_t first =
      static_cast<std::ptrdiff_t>(std::floor(cell)) - static_cast<std::ptrdiff_t>(count) / 2 + 1;
  if (axis.boundary != Boundary::periodic)
    first = std::clamp<std::ptrdiff_t>(first, 0, static_cast<std::ptrdiff_t>(axis.points - count));
  for (std::size_t i = 0; i < count; ++i) index[i] = around(axis, first + static_cast<std::ptrdiff_t>(i));
  return static_cast<double>(first);
}

LagrangeStencil LagrangeStencil::slope(const Axis& axis, std::size_t width, double cell) {
  LagrangeStencil stencil;
  const double first = stencil.take_nearest(axis, width, cell);
  lagrange_slopes(cell - first, std::span(stencil.weight).first(stencil.count));
  for (std::size_t i = 0; i < stencil.count; ++i) stencil.weight[i] /= axis.spacing();
  return stencil;
}

void interpolate(const History& history, const LagrangeStencil& stencil, std::span<double> out) {
  constexpr std::size_t in_cache = 1024;  // of `out`, while the fields pass by
  std::fill(out.begin(), out.end(), 0.0);
  for (std::size_t first = 0; first < out.size(); first += in_cache) {
    const std::size_t last = std::min(out.size(), first + in_cache);
    for (std::size_t n = 0; n < stencil.count; ++n) {
      const std::span<const double> field = history[stencil.index[n]];
      for (std::size_t i = first; i < last; ++i) out[i] += stencil.weight[n] * field[i];
    }
  }
}

namespace {

std::optional<GridStencil::Cells> cells_within(const Grid& grid, std::span<const double> x) {
  GridStencil::Cells cells{};
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    if (!(x[k] >= axis.from && x[k] <= axis.to)) return std::nullopt;
    cells[k] = (x[k] - axis.from) / axis.spacing() - 0.5;
  }
  return cells;
}

}  // namespace

GridStencil::GridStencil(const Grid& grid, std::size_t width, const Cells& cells)
    : dimension_(grid.dimension()) {
  for (std::size_t k = 0; k < dimension_; ++k) {
    along_[k] = LagrangeStencil(grid.axis(k), width, cells[k]);
    for (std::size_t i = 0; i < along_[k].count; ++i) along_[k].index[i] *= grid.stride(k);
  }
}

std::optional<GridStencil> GridStencil::within(const Grid& grid, std::size_t width,
                                               std::span<const double> x) {
  const std::optional<Cells> cells = cells_within(grid, x);
  return cells ? std::optional(GridStencil(grid, width, *cells)) : std::nullopt;
}

std::optional<GridStencil> GridStencil::slope_within(const Grid& grid, std::size_t width, std::size_t axis,
                                                     std::span<const double> x) {
  const std::optional<Cells> cells = cells_within(grid, x);
  if (!cells) return std::nullopt;
  GridStencil stencil(grid, width, *cells);
  LagrangeStencil& along = stencil.along_[axis];
  along = LagrangeStencil::slope(grid.axis(axis), width, (*cells)[axis]);
  for (std::size_t i = 0; i < along.count; ++i) along.index[i] *= grid.stride(axis);
  return stencil;
}

double GridStencil::sum(std::span<const double> field, std::size_t axis, std::size_t offset) const {
  const LagrangeStencil& along = along_[axis];
  const bool is_last = axis + 1 == dimension_;
  double total = 0;
  for (std::size_t i = 0; i < along.count; ++i) {
    const std::size_t place = offset + along.index[i];
    total += along.weight[i] * (is_last ? field[place] : sum(field, axis + 1, place));
  }
  return total;
}

}  // namespace umkehr
