// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "grids/axis.hpp"
#include "grids/points.hpp"

namespace umkehr {

/// The product of one to three axes. Values on it are arrays in C order, the last axis fastest.
class Grid {
 public:
  /// Throws UnfitProblem unless there are one to three axes, each with from < to and at least 2 points.
  explicit Grid(std::vector<Axis> axes);

  std::size_t dimension() const { return axes_.size(); }
  const Axis& axis(std::size_t k) const { return axes_[k]; }
  const std::vector<Axis>& axes() const { return axes_; }
  std::size_t size() const { return size_; }
  /// Distance in the array between neighbours along axis k.
  std::size_t stride(std::size_t k) const { return strides_[k]; }
  /// Where line number `line` of those along axis k begins in the array.
  std::size_t line_start(std::size_t k, std::size_t line) const {
    return line / strides_[k] * strides_[k] * axes_[k].points + line % strides_[k];
  }
  double cell_volume() const { return cell_volume_; }
  /// All cell centres, in the order of the values.
  Points centres() const;

 private:
  std::vector<Axis> axes_;
  std::vector<std::size_t> strides_;
  std::size_t size_ = 1;
  double cell_volume_ = 1;
};

}  // namespace umkehr
