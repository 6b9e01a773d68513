// SPDX-License-Identifier: GPL-3.0-or-later
// The lines of a grid along one axis, taken several at a time: one line a vector lane.
#pragma once

#include <cstddef>
#include <vector>

#include "grids/grid.hpp"
#include "grids/lanes.hpp"

namespace umkehr {

/// Batches of lines. A buffer holds cell i of line j of its batch at [i * lanes() + j]; a last batch that is not full
/// repeats its last line.
class AxisLines {
 public:
  AxisLines(const Grid& grid, std::size_t axis);

  std::size_t axis() const { return axis_; }
  std::size_t length() const { return length_; }
  /// Lines in a batch: one or four vectors.
  std::size_t lanes() const { return lanes_; }
  std::size_t batches() const { return starts_.size() / lanes_; }
  /// Lines of a batch that are not repetitions.
  std::size_t used(std::size_t batch) const;
  /// Where cell i of a line lies in the array.
  std::size_t cell(std::size_t batch, std::size_t lane, std::size_t i) const {
    return starts_[batch * lanes_ + lane] + i * stride_;
  }

  void gather(const double* field, std::size_t batch, double* buffer) const;
  void scatter(const double* buffer, std::size_t batch, double* field) const;

 private:
  bool neighbours(std::size_t batch) const;

  std::size_t axis_, length_, stride_, lines_, lanes_;
  std::vector<std::size_t> starts_;
};

}  // namespace umkehr
