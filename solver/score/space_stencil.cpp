// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/score/space_stencil.hpp"

#include <algorithm>
#include <cmath>

namespace umkehr {

SpaceStencil::Along SpaceStencil::along(const Axis& axis, std::size_t stride, double cell) {
  const auto points = static_cast<std::ptrdiff_t>(axis.points);
  const auto count = std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(width), points);
  Along out;
  // A centre that rounding has moved is still a centre.
  const double nearest = std::round(cell);
  if (std::abs(cell - nearest) < 1e-13 * static_cast<double>(axis.points)) {
    out.count = 1;
    out.offset[0] =
        static_cast<std::size_t>((static_cast<std::ptrdiff_t>(nearest) + points) % points) * stride;
    out.weight[0] = 1;
    return out;
  }
  std::ptrdiff_t first = static_cast<std::ptrdiff_t>(std::floor(cell)) - count / 2 + 1;
  if (axis.boundary != Boundary::periodic) first = std::clamp<std::ptrdiff_t>(first, 0, points - count);
  out.count = static_cast<std::size_t>(count);
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    double weight = 1;
    for (std::ptrdiff_t j = 0; j < count; ++j)
      if (j != i) weight *= (cell - static_cast<double>(first + j)) / static_cast<double>(i - j);
    const auto place = static_cast<std::size_t>(i);
    out.offset[place] = static_cast<std::size_t>(((first + i) % points + points) % points) * stride;
    out.weight[place] = weight;
  }
  return out;
}

std::optional<SpaceStencil> SpaceStencil::at(const Grid& grid, std::span<const double> x) {
  SpaceStencil out;
  out.dimension_ = grid.dimension();
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    if (!(x[k] >= axis.from && x[k] <= axis.to)) return std::nullopt;
    out.axes_[k] = along(axis, grid.stride(k), (x[k] - axis.from) / axis.spacing() - 0.5);
  }
  return out;
}

double SpaceStencil::apply(std::span<const double> field) const {
  return sum(0, field, 0);
}

double SpaceStencil::sum(std::size_t axis, std::span<const double> field, std::size_t offset) const {
  if (axis == dimension_) return field[offset];
  const Along& along = axes_[axis];
  double total = 0;
  for (std::size_t i = 0; i < along.count; ++i)
    total += along.weight[i] * sum(axis + 1, field, offset + along.offset[i]);
  return total;
}

}  // namespace umkehr
