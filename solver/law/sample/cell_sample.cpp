// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/law/sample/cell_sample.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "grids/failure.hpp"
#include "grids/machine/team.hpp"

namespace umkehr {

namespace {

/// The neighbour's number in the array, if the cell has one on that side.
std::optional<std::size_t> beside(const Grid& grid, std::size_t cell, std::size_t k, bool is_after) {
  const Axis& axis = grid.axis(k);
  const std::size_t stride = grid.stride(k), i = cell / stride % axis.points, last = axis.points - 1;
  if (i != (is_after ? last : 0)) return is_after ? cell + stride : cell - stride;
  if (axis.boundary != Boundary::periodic) return {};
  return is_after ? cell - last * stride : cell + last * stride;
}

/// The central difference, but no more than twice that to either side, and none at an extremum.
double limited(double before, double after) {
  if (before * after <= 0) return 0;
  const double size =
      std::min(0.5 * std::abs(before + after), 2 * std::min(std::abs(before), std::abs(after)));
  return before > 0 ? size : -size;
}

double slope_along(const Grid& grid, std::span<const double> means, std::size_t cell, std::size_t k) {
  const auto left = beside(grid, cell, k, false), right = beside(grid, cell, k, true);
  const double before = left ? means[cell] - means[*left] : means[*right] - means[cell];
  const double after = right ? means[*right] - means[cell] : before;
  return limited(before, after);
}

/// Mean and slopes of a cell; at its lowest corner the density is not negative.
std::array<double, 4> linear_density(const Grid& grid, std::span<const double> means, std::size_t cell) {
  std::array<double, 4> entries{means[cell]};
  double fall = 0;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    entries[k + 1] = slope_along(grid, means, cell, k);
    fall += 0.5 * std::abs(entries[k + 1]);
  }
  if (fall > means[cell])
    for (std::size_t k = 1; k < entries.size(); ++k) entries[k] *= means[cell] / fall;
  return entries;
}

/// y in [0, 1] where the distribution function of the density 1 + slope (y - 1/2) is u; |slope| <= 2.
double place_in_cell(double u, double slope) {
  const double at_start = 1 - 0.5 * slope;
  const double root = std::sqrt(std::max(at_start * at_start + 2 * slope * u, 0.0));
  return u > 0 ? std::min(2 * u / (at_start + root), 1.0) : 0;
}

}  // namespace

CellSample::CellSample(const Grid& grid, std::span<const double> means)
    : grid_(grid), entries_(grid.dimension() + 1), sums_((grid.size() + 1) * entries_) {
  for (std::size_t cell = 0; cell < grid.size(); ++cell) {
    const std::array<double, 4> density = linear_density(grid, means, cell);
    const double* before = sums_.data() + cell * entries_;
    double* after = sums_.data() + (cell + 1) * entries_;
    for (std::size_t q = 0; q < entries_; ++q) after[q] = before[q] + density[q];
  }
  if (!(sums_[grid.size() * entries_] > 0)) throw UnfitProblem("the density is zero everywhere on the grid");
}

void CellSample::draw_one(const Points& uniforms, std::size_t i, Points& out) const {
  std::array<double, 4> factor{1};
  std::size_t first = 0;  // of the cells that are still possible
  for (std::size_t k = 0; k < grid_.dimension(); ++k) {
    const auto entry = [&](std::size_t j) { return sums_.data() + (first + j * grid_.stride(k)) * entries_; };
    const auto mass_before = [&](std::size_t j) {
      double sum = 0;
      for (std::size_t q = 0; q <= k; ++q) sum += factor[q] * entry(j)[q];
      return sum;
    };
    std::size_t low = 0, high = grid_.axis(k).points;
    const double from = mass_before(low), target = from + uniforms[k][i] * (mass_before(high) - from);
    while (high - low > 1) {
      const std::size_t middle = low + (high - low) / 2;
      (mass_before(middle) <= target ? low : high) = middle;
    }
    const double mass = mass_before(low + 1) - mass_before(low);
    const double share_of_cell = mass > 0 ? std::clamp((target - mass_before(low)) / mass, 0.0, 1.0) : 0.5;
    const double slope = mass > 0 ? (entry(low + 1)[k + 1] - entry(low)[k + 1]) / mass : 0;
    const double y = place_in_cell(share_of_cell, std::clamp(slope, -2.0, 2.0));
    out[k][i] = grid_.axis(k).face(low) + grid_.axis(k).spacing() * y;
    factor[k + 1] = y - 0.5;
    first += low * grid_.stride(k);
  }
}

void CellSample::draw(const Points& uniforms, Points& out) const {
  const double a_draw = 200 * static_cast<double>(grid_.dimension());
  share(out.count(), a_draw, [&](std::size_t i) { draw_one(uniforms, i, out); });
}

}  // namespace umkehr
