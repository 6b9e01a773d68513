// SPDX-License-Identifier: GPL-3.0-or-later
// Lagrange's polynomials,
//   l_i(x) = prod_{j != i} (x - x_j)/(x_i - x_j),
// the weights of the values at nodes in the value between them of the polynomial through them. A stencil takes the nodes
// nearest to a place: within an interval, or around a ring. Berrut & Trefethen, SIAM Rev. 46 (2004) 501.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "grids/grid.hpp"
#include "grids/history.hpp"

namespace umkehr {

inline constexpr std::size_t max_lagrange_nodes = 16;
/// A place nearer to a centre is there; in cells, for each cell of the axis.
inline constexpr double moved_by_rounding = 1e-13;

/// weights[i] = l_i(x).
void lagrange_weights(std::span<const double> nodes, double x, std::span<double> weights);

/// 1/prod_{j != i} (i - j) at [count][i], for the nodes 0 .. count - 1.
inline constexpr auto lagrange_scales = [] {
  std::array<std::array<double, max_lagrange_nodes>, max_lagrange_nodes + 1> scales{};
  for (std::size_t count = 1; count <= max_lagrange_nodes; ++count)
    for (std::size_t i = 0; i < count; ++i) {
      double product = 1;
      for (std::size_t j = 0; j < count; ++j)
        if (j != i) product *= static_cast<double>(i) - static_cast<double>(j);
      scales[count][i] = 1 / product;
    }
  return scales;
}();

/// The same for nodes 0, 1, 2, ..., of which products of the distances to those before and behind serve all; at one place,
/// or at as many as there are lanes in a Value.
template <class Value, std::size_t extent>
void lagrange_weights(Value x, std::span<Value, extent> weights) {
  Value before = Value() + 1.0, behind = before;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = lagrange_scales[weights.size()][i] * before;
    before *= x - static_cast<double>(i);
  }
  for (std::size_t i = weights.size(); i-- > 0;) {
    weights[i] *= behind;
    behind *= x - static_cast<double>(i);
  }
}

inline void lagrange_weights(double x, std::span<double> weights) {
  lagrange_weights<double, std::dynamic_extent>(x, weights);
}

/// slopes[i] = l_i'(x), for the nodes 0, 1, 2, ...
void lagrange_slopes(double x, std::span<double> slopes);

/// l_j'(at) for the nodes 0 .. count - 1, of which `at` is one.
std::span<const double> lagrange_slopes(std::size_t count, std::size_t at);

/// sum_i weight_i f(index_i)
struct LagrangeStencil {
  std::size_t count = 0;
  std::array<std::size_t, max_lagrange_nodes> index;
  std::array<double, max_lagrange_nodes> weight;

  /// Consecutive ones of ascending nodes.
  LagrangeStencil(std::span<const double> nodes, std::size_t first, std::size_t count, double x);
  /// As many on either side of x, as far as there are, `width` or all of them.
  static LagrangeStencil about(std::span<const double> nodes, std::size_t width, double x);
  /// The `width` nearest centres, or all, of an axis at a place in cells from the first; a centre by itself.
  LagrangeStencil(const Axis& axis, std::size_t width, double cell);
  /// The same of the derivative along the axis.
  static LagrangeStencil slope(const Axis& axis, std::size_t width, double cell);
  LagrangeStencil() = default;

 private:
  /// Indices of the nearest cells; the place of the first of them.
  double take_nearest(const Axis& axis, std::size_t width, double cell);
};

/// out = sum_n weight_n history(t_n)
void interpolate(const History& history, const LagrangeStencil& stencil, std::span<double> out);

/// Between the centres of a grid: the product of such stencils along the axes.
class GridStencil {
 public:
  using Cells = std::array<double, 3>;
  /// At a place in cells from the first.
  GridStencil(const Grid& grid, std::size_t width, const Cells& cells);
  /// Nothing outside of the box.
  static std::optional<GridStencil> within(const Grid& grid, std::size_t width, std::span<const double> x);
  /// Of the derivative along an axis.
  static std::optional<GridStencil> slope_within(const Grid& grid, std::size_t width, std::size_t axis,
                                                 std::span<const double> x);
  double operator()(std::span<const double> field) const { return sum(field, 0, 0); }

 private:
  double sum(std::span<const double> field, std::size_t axis, std::size_t offset) const;

  std::size_t dimension_;
  std::array<LagrangeStencil, 3> along_;
};

}  // namespace umkehr
