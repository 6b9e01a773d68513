// SPDX-License-Identifier: GPL-3.0-or-later
// Eight lines of a field along one axis at a time, one a lane: gathered, worked on, put back.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "grids/machine/lanes.hpp"

namespace umkehr {

/// The lines of a grid along one axis, in batches of eight; the last batch may repeat its last line.
class LineBatches {
 public:
  LineBatches(const Grid& grid, std::size_t axis)
      : points_(grid.axis(axis).points), stride_(grid.stride(axis)), lines_(grid.size() / points_) {}

  std::size_t points() const { return points_; }
  std::size_t count() const { return (lines_ + lanes::width - 1) / lanes::width; }

  void gather(std::span<const double> field, std::size_t batch, Lanes* line) const {
    const std::array<std::size_t, lanes::width> from = starts(batch);
    for (std::size_t i = 0; i < points_; ++i)
      for (std::size_t l = 0; l < lanes::width; ++l) line[i][l] = field[from[l] + i * stride_];
  }
  void put(const Lanes* line, std::size_t batch, std::span<double> field) const {
    const std::array<std::size_t, lanes::width> from = starts(batch);
    for (std::size_t i = 0; i < points_; ++i)
      for (std::size_t l = 0; l < width(batch); ++l) field[from[l] + i * stride_] = line[i][l];
  }
  void add(const Lanes* line, std::size_t batch, std::span<double> field) const {
    const std::array<std::size_t, lanes::width> from = starts(batch);
    for (std::size_t i = 0; i < points_; ++i)
      for (std::size_t l = 0; l < width(batch); ++l) field[from[l] + i * stride_] += line[i][l];
  }

 private:
  std::size_t width(std::size_t batch) const { return std::min(lanes::width, lines_ - batch * lanes::width); }
  std::array<std::size_t, lanes::width> starts(std::size_t batch) const {
    std::array<std::size_t, lanes::width> from;
    for (std::size_t l = 0; l < lanes::width; ++l) {
      const std::size_t line = std::min(batch * lanes::width + l, lines_ - 1);
      from[l] = line / stride_ * stride_ * points_ + line % stride_;
    }
    return from;
  }

  std::size_t points_, stride_, lines_;
};

}  // namespace umkehr
