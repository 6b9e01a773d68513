// SPDX-License-Identifier: GPL-3.0-or-later
// GridStencil (lagrange.hpp) at eight places at once: the weights of all in vectors, and each sum over the nodes along the
// last axis as one vector too, since these lie side by side in memory, except around the seam of a ring.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <span>
#include <type_traits>

#include "grids/grid.hpp"
#include "grids/interpolation/lagrange.hpp"
#include "grids/machine/lanes.hpp"
#include "grids/machine/transpose.hpp"

namespace umkehr {

/// Places in cells from the first centre, eight along each axis.
using LanesOfCells = std::array<Lanes, 3>;

/// Of `width` nodes along each axis, 4 or 8.
template <std::size_t width>
class EightStencils {
  static_assert(width == 4 || width == 8);

 public:
  EightStencils(const Grid& grid, const LanesOfCells& cells) : grid_(grid), cells_(cells) {
    for (std::size_t k = 0; k < grid.dimension(); ++k)
      if (grid.axis(k).points < width) return;
    has_nodes_ = true;
    is_near_ = lanes::Mask{} == lanes::Mask{};
    for (std::size_t k = 0; k < grid.dimension(); ++k) place(k);
    for (std::size_t j = 0; j < width; ++j) along_last_[j] = weight_[grid.dimension() - 1][j];
    lanes::transpose(along_last_);
  }

  /// At all places. Sums over all nodes where GridStencil takes a centre alone, which is the same unless a neighbour is not
  /// finite.
  Lanes operator()(std::span<const double> field) const {
    Lanes value = {};
    if (has_nodes_) switch (grid_.dimension()) {
        case 1:
          value = sums<1>(field.data());
          break;
        case 2:
          value = sums<2>(field.data());
          break;
        default:
          value = sums<3>(field.data());
      }
    const lanes::Mask is_good = is_near_ & (lanes::abs(value) <= std::numeric_limits<double>::max());
    for (std::size_t lane = 0; lane < lanes::width; ++lane)
      if (!is_good[lane]) value[lane] = one_by_one(field, lane);
    return value;
  }

 private:
  static constexpr double max_cell = 0x1p50;  // beyond it cells are not told apart
  using Four = double __attribute__((vector_size(32)));
  using Row = std::conditional_t<width == 4, Four, Lanes>;

  /// Node 0 and the weights along one axis.
  void place(std::size_t k) {
    const auto points = static_cast<double>(grid_.axis(k).points);
    const Lanes cell = cells_[k], nearest = lanes::round(cell).value;
    const lanes::Mask at_centre = lanes::abs(cell - nearest) < moved_by_rounding * points;
    Lanes first = lanes::select(nearest > cell, nearest - 1.0, nearest) - (width / 2 - 1.0);
    const bool wraps = grid_.axis(k).boundary == Boundary::periodic;
    if (!wraps) first = between(0, first, points - static_cast<double>(width));
    lagrange_weights(cell - first, std::span<Lanes, width>(weight_[k]));
    for (std::size_t j = 0; j < width; ++j) {
      const lanes::Mask is_there = nearest - first == static_cast<double>(j);
      const Lanes alone = lanes::select(is_there, lanes::broadcast(1), lanes::broadcast(0));
      weight_[k][j] = lanes::select(at_centre, alone, weight_[k][j]);
    }
    first = between(0, wraps ? around(first, points) : first, points - 1);  // whatever the place is
    for (std::size_t lane = 0; lane < lanes::width; ++lane)
      first_[k][lane] = static_cast<std::size_t>(first[lane]);
    is_near_ &= lanes::abs(cell) < max_cell;
  }

  /// The least too where a is no number.
  static Lanes between(double least, Lanes a, double most) {
    a = lanes::select(a > least, a, lanes::broadcast(least));
    return lanes::select(a < most, a, lanes::broadcast(most));
  }

  /// Modulo the number of points.
  static Lanes around(Lanes first, double points) {
    const Lanes turns = first / points, nearest = lanes::round(turns).value;
    return first - points * lanes::select(nearest > turns, nearest - 1.0, nearest);
  }

  std::size_t node(std::size_t axis, std::size_t lane, std::size_t j) const {
    const std::size_t n = grid_.axis(axis).points, at = first_[axis][lane] + j;
    return at < n ? at : at - n;
  }

  template <std::size_t dimension>
  Lanes sums(const double* data) const {
    Lanes terms[lanes::width] = {};
    for (std::size_t lane = 0; lane < lanes::width; ++lane) {
      Row weights;
      std::memcpy(&weights, &along_last_[lane], sizeof weights);
      weights *= row<dimension, 0>(data, lane);
      std::memcpy(&terms[lane], &weights, sizeof weights);
    }
    lanes::transpose(terms);
    for (std::size_t j = 1; j < width; ++j) terms[0] += terms[j];
    return terms[0];
  }

  /// The nodes along the last axis, summed over those along the others from `axis` on.
  template <std::size_t dimension, std::size_t axis>
  Row row(const double* data, std::size_t lane) const {
    Row total = {};
    if constexpr (axis + 1 < dimension) {
      for (std::size_t j = 0; j < width; ++j)
        total += weight_[axis][j][lane] *
                 row<dimension, axis + 1>(data + node(axis, lane, j) * grid_.stride(axis), lane);
    } else if (first_[axis][lane] + width <= grid_.axis(axis).points) {
      std::memcpy(&total, data + first_[axis][lane], sizeof total);
    } else {
      for (std::size_t j = 0; j < width; ++j) total[j] = data[node(axis, lane, j)];
    }
    return total;
  }

  double one_by_one(std::span<const double> field, std::size_t lane) const {
    GridStencil::Cells cells{};
    for (std::size_t k = 0; k < grid_.dimension(); ++k) {
      cells[k] = cells_[k][lane];
      if (!std::isfinite(cells[k])) return std::numeric_limits<double>::quiet_NaN();
    }
    return GridStencil(grid_, width, cells)(field);
  }

  const Grid& grid_;
  LanesOfCells cells_;
  bool has_nodes_ = false;    // as many as it takes along each axis
  lanes::Mask is_near_ = {};  // in cells that can be told apart
  std::array<std::array<Lanes, width>, 3> weight_;
  std::array<std::array<std::size_t, lanes::width>, 3> first_;
  Lanes along_last_[lanes::width] = {};  // weights, by place
};

}  // namespace umkehr
