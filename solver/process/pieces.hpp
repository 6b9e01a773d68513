// SPDX-License-Identifier: GPL-3.0-or-later
// Means of a formula over boxes that the borders between its pieces cut. Along a line, those borders are where its own
// comparisons, abs, min and max change their branch, found by bracketing; integrals are sums of Gauss rules between
// them, one axis after the other, so that the error in a box that is cut is that of a smooth function.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "solver/process/coefficient.hpp"

namespace umkehr {

/// Along an axis where from = to, a box is as thin as a line or a plane.
struct Box {
  std::array<double, 3> from{}, to{};
};

class Pieces {
 public:
  /// Of a formula on R^d; a C++ function shows no pieces.
  Pieces(const Coefficient& function, std::size_t dimension);

  const Coefficient& function() const { return function_; }
  /// Whether there is more than one.
  bool are_several() const { return !switches_.empty(); }
  /// The borders on a line along an axis through `point` between `from` and `to`, ascending.
  std::vector<double> borders(std::span<const double> point, std::size_t axis, double from, double to,
                              double t) const;
  /// The mean over a box, taken along `inner` last.
  double mean(const Box& box, std::size_t inner, double t) const;
  /// Takes the points of the sum that a mean is, and their weights, which add up to one.
  using Use = std::function<void(std::span<const double> point, double weight)>;
  void at_nodes(const Box& box, std::size_t inner, double t, const Use& use) const;
  /// Whether a border may cut a box: some switch changes within it by more than it is away from zero.
  bool may_cut(const Box& box, double t) const;
  /// The mean, but nothing where no border cuts the box.
  std::optional<double> mean_if_cut(const Box& box, std::size_t inner, double t) const;

 private:
  void visit(const Box& box, std::span<const std::size_t> axes, std::vector<double>& point, double weight,
             double t, const Use& use) const;
  std::vector<double> panels(const Box& box, std::span<const std::size_t> axes, std::vector<double>& point,
                             double t) const;

  Coefficient function_;
  std::vector<Formula> switches_;
  std::size_t dimension_;
};

/// The box's middle line along an axis: what is known of many boxes anew at each time should cost little.
Box middle_line(Box box, std::size_t axis, std::size_t dimension);

/// The cell of that number.
Box cell_box(const Grid& grid, std::size_t cell);

/// Points and weights, volumes that add up to that of the grid, of Gauss's rules in all its cells, between the borders.
struct Nodes {
  Points points;
  std::vector<double> weight;
};
Nodes nodes_of(const Pieces& pieces, const Grid& grid, double t);

/// Values at the centres that integrals against splines tell (spline_projection.hpp), whatever the borders.
void project(const Pieces& pieces, const Grid& grid, double t, std::span<double> values);

/// Puts the mean over a cell in place of values[cell] where a border cuts it; only that over its middle line where the
/// function depends on time, and in space, of order 1 where borders lie along that line.
void replace_cut_cells(const Pieces& pieces, const Grid& grid, double t, std::span<double> values);

}  // namespace umkehr
