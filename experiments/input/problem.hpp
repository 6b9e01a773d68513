// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "grids/grid.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// The coordinates of a process: those of a grid, or named ones that each run over the whole line, without cells.
class Space {
 public:
  Space(Grid grid);
  explicit Space(std::vector<std::string> names);

  std::size_t dimension() const { return names_.size(); }
  const std::vector<std::string>& names() const { return names_; }
  bool has_grid() const { return grid_.has_value(); }
  const std::optional<Grid>& grid_if_any() const { return grid_; }

  /// The grid and what it holds. All throw UnfitProblem without one.
  operator const Grid&() const { return grid(); }
  const Grid& grid() const;
  const std::vector<Axis>& axes() const { return grid().axes(); }
  const Axis& axis(std::size_t k) const { return grid().axis(k); }
  std::size_t size() const { return grid().size(); }
  double cell_volume() const { return grid().cell_volume(); }
  Points centres() const { return grid().centres(); }

 private:
  std::optional<Grid> grid_;
  std::vector<std::string> names_;
};

/// What the tasks of an experiment are solved on.
struct Problem {
  Process process;
  Space grid;        ///< or the whole line along each coordinate
  double start = 0;  ///< where the initial laws are given
  double stop = 1;
  std::vector<double> times;  ///< the saved ones, ascending within [start, stop]; need not hold either end
};

}  // namespace umkehr
