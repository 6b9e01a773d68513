// SPDX-License-Identifier: GPL-3.0-or-later
// The lines of a grid along one axis, cut into segments of equal length, of which several are worked on at a time: one
// segment a vector lane. With many lines a segment is a whole line; a single line is cut into as many as fill a batch.
#pragma once

#include <cstddef>
#include <vector>

#include "grids/grid.hpp"
#include "grids/machine/lanes.hpp"

namespace umkehr {

/// Batches of segments. A buffer holds cell i of segment j of its batch at [i * lanes() + j]; a last batch that is not
/// full repeats its last segment.
class AxisLines {
 public:
  AxisLines(const Grid& grid, std::size_t axis);
  /// Whole lines, so many in a batch.
  AxisLines(const Grid& grid, std::size_t axis, std::size_t lanes);

  std::size_t axis() const { return axis_; }
  /// Cells in a segment.
  std::size_t length() const { return length_; }
  /// Whether the segments of the only batch are, one after the other, one line.
  bool is_segmented() const { return length_ < points_; }
  /// Segments in a batch: one, two or four vectors.
  std::size_t lanes() const { return lanes_; }
  std::size_t batches() const { return starts_.size() / lanes_; }
  /// Segments of a batch that are not repetitions.
  std::size_t used(std::size_t batch) const;
  /// Where cell i of a segment lies in the array.
  std::size_t cell(std::size_t batch, std::size_t lane, std::size_t i) const {
    return starts_[batch * lanes_ + lane] + i * stride_;
  }
  /// Which face of the axis is face `row` of a segment, on the left of its cell of that number.
  std::size_t face(std::size_t lane, std::size_t row) const {
    return is_segmented() ? lane * length_ + row : row;
  }

  void gather(const double* field, std::size_t batch, double* buffer) const {
    gather(field, batch, buffer, 0, length_);
  }
  /// Cells from <= i < to of the segments only; `from` is a multiple of 8.
  void gather(const double* field, std::size_t batch, double* buffer, std::size_t from, std::size_t to) const;
  /// Adds to each value its size times its lane's share on the way.
  void scatter(const double* buffer, std::size_t batch, double* field, const double* share = no_share) const;

 private:
  static constexpr double no_share[4 * lanes::width] = {};
  bool is_block(std::size_t batch) const;
  void begin_segments(const Grid& grid);

  std::size_t axis_, points_, length_, stride_, lanes_;
  std::size_t segments_;
  std::vector<std::size_t> starts_;
};

}  // namespace umkehr
