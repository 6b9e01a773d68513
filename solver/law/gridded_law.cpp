// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/law/gridded_law.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <stdexcept>

#include "grids/machine/team.hpp"

namespace umkehr {

namespace {

constexpr std::size_t width = 8;

/// Centres and weights of the Lagrange polynomial along one axis.
struct Stencil {
  std::array<std::size_t, width> cell{};
  std::array<double, width> weight{};
  std::size_t count = 0;  ///< 0 outside the axis
};

Stencil stencil(const Axis& axis, double x) {
  Stencil result;
  double from_first = (x - axis.from) / axis.spacing() - 0.5;
  const double nearest = std::round(from_first);
  // A centre that rounding has moved is still a centre, where the data are wanted as they are.
  if (std::abs(from_first - nearest) < 1e-14 * static_cast<double>(axis.points + width)) from_first = nearest;
  const auto points = static_cast<std::ptrdiff_t>(axis.points);
  const auto count = std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(width), points);
  if (!(x >= axis.from && x <= axis.to)) return result;
  std::ptrdiff_t first = static_cast<std::ptrdiff_t>(std::floor(from_first)) - count / 2 + 1;
  if (axis.boundary != Boundary::periodic) first = std::clamp<std::ptrdiff_t>(first, 0, points - count);
  result.count = static_cast<std::size_t>(count);
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    double weight = 1;
    for (std::ptrdiff_t j = 0; j < count; ++j)
      if (j != i) weight *= (from_first - static_cast<double>(first + j)) / static_cast<double>(i - j);
    const auto place = static_cast<std::size_t>(i);
    result.cell[place] = static_cast<std::size_t>((first + i + points) % points);
    result.weight[place] = weight;
  }
  return result;
}

/// Sum over the axes of `stencils`, the last ones of the grid, from `offset` in the data.
double weighted_sum(const GriddedLaw& law, std::span<const Stencil> stencils, std::size_t offset) {
  if (stencils.empty()) return law.density[offset];
  double sum = 0;
  const Stencil& along = stencils[0];
  const std::size_t stride = law.grid.stride(law.grid.dimension() - stencils.size());
  for (std::size_t i = 0; i < along.count; ++i)
    if (along.weight[i] != 0)
      sum += along.weight[i] * weighted_sum(law, stencils.subspan(1), offset + along.cell[i] * stride);
  return sum;
}

}  // namespace

void interpolate(const GriddedLaw& law, const Points& x, std::span<double> out) {
  if (law.density.size() != law.grid.size())
    throw std::invalid_argument("a gridded law has one value a cell");
  if (x.dimension() != law.grid.dimension())
    throw std::invalid_argument("points and gridded law differ in dimension");
  const bool has_negative =
      std::any_of(law.density.begin(), law.density.end(), [](double p) { return p < 0; });
  const double a_place = 20 * std::pow(4, static_cast<double>(x.dimension()));
  share(x.count(), a_place, [&](std::size_t i) {
    std::array<Stencil, 3> stencils;
    for (std::size_t k = 0; k < x.dimension(); ++k) stencils[k] = stencil(law.grid.axis(k), x[k][i]);
    const double value = weighted_sum(law, std::span(stencils).first(x.dimension()), 0);
    out[i] = has_negative ? value : std::max(value, 0.0);
  });
}

}  // namespace umkehr
