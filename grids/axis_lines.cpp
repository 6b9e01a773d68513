// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/axis_lines.hpp"

#include <algorithm>

#include "grids/machine/transpose.hpp"

namespace umkehr {
namespace {

constexpr std::size_t width = lanes::width;
constexpr std::size_t shortest_segment = 16;  // below it, joining segments costs more than it gains

constexpr std::size_t longest_of_four = 1024;  // cells in lines of which four vectors stay in a core's cache
constexpr std::size_t ahead = 8;               // rows that are asked for before they are needed

[[gnu::always_inline]] inline Lanes increased(Lanes value, Lanes share) {
  return value + share * lanes::abs(value);
}

/// Whole lines fill one, two or four vectors; one line is cut into two vectors of segments, or one, if it can be.
std::size_t lanes_for(std::size_t lines, std::size_t points) {
  if (lines > width && lines % (4 * width) == 0 && points <= longest_of_four) return 4 * width;
  if (lines > 1) return lines <= width ? width : 2 * width;
  return points % (2 * width) == 0 && points / (2 * width) >= shortest_segment ? 2 * width : width;
}

bool is_cut(std::size_t lines, std::size_t points, std::size_t lanes) {
  return lines == 1 && points % lanes == 0 && points / lanes >= shortest_segment;
}

}  // namespace

AxisLines::AxisLines(const Grid& grid, std::size_t axis)
    : AxisLines(grid, axis, lanes_for(grid.size() / grid.axis(axis).points, grid.axis(axis).points)) {
  if (!is_cut(grid.size() / points_, points_, lanes_)) return;
  length_ = points_ / lanes_;
  begin_segments(grid);
}

AxisLines::AxisLines(const Grid& grid, std::size_t axis, std::size_t lanes)
    : axis_(axis),
      points_(grid.axis(axis).points),
      length_(points_),
      stride_(grid.stride(axis)),
      lanes_(lanes) {
  begin_segments(grid);
}

void AxisLines::begin_segments(const Grid& grid) {
  starts_.clear();
  for (std::size_t block = 0; block < grid.size(); block += points_ * stride_)
    for (std::size_t i = 0; i < points_; i += length_)
      for (std::size_t inner = 0; inner < stride_; ++inner) starts_.push_back(block + i * stride_ + inner);
  segments_ = starts_.size();
  while (starts_.size() % lanes_ != 0) starts_.push_back(starts_.back());
}

std::size_t AxisLines::used(std::size_t batch) const {
  return std::min(lanes_, segments_ - batch * lanes_);
}

/// Whether cell i of all segments of a batch are neighbours in the array.
bool AxisLines::is_block(std::size_t batch) const {
  return stride_ > 1 && used(batch) == lanes_ && cell(batch, lanes_ - 1, 0) - cell(batch, 0, 0) == lanes_ - 1;
}

void AxisLines::gather(const double* field, std::size_t batch, double* buffer, std::size_t from,
                       std::size_t to) const {
  const std::size_t lanes = lanes_, stride = stride_;
  if (is_block(batch)) {
    const double* row = field + cell(batch, 0, from);
    for (std::size_t i = from; i < to; ++i, row += stride)
      for (std::size_t lane = 0; lane < lanes; lane += width) {
        // Rows lie on different pages, where no hardware foresees them.
        __builtin_prefetch(row + ahead * stride + lane);
        lanes::store(buffer + i * lanes + lane, lanes::load(row + lane));
      }
    return;
  }
  for (std::size_t lane = 0; lane < lanes; lane += width) {
    const double* line[width];
    for (std::size_t j = 0; j < width; ++j) line[j] = field + cell(batch, lane + j, 0);
    std::size_t i = from;
    for (; stride == 1 && i + width <= to; i += width) {
      Lanes block[width];
      for (std::size_t j = 0; j < width; ++j) block[j] = lanes::load(line[j] + i);
      lanes::transpose(block);
      for (std::size_t j = 0; j < width; ++j) lanes::store(buffer + (i + j) * lanes + lane, block[j]);
    }
    for (; i < to; ++i)
      for (std::size_t j = 0; j < width; ++j) buffer[i * lanes + lane + j] = line[j][i * stride];
  }
}

void AxisLines::scatter(const double* buffer, std::size_t batch, double* field, const double* share) const {
  const std::size_t lanes = lanes_, stride = stride_, length = length_;
  if (is_block(batch)) {
    double* row = field + cell(batch, 0, 0);
    for (std::size_t i = 0; i < length; ++i, row += stride)
      for (std::size_t lane = 0; lane < lanes; lane += width) {
        __builtin_prefetch(row + ahead * stride + lane, 1);
        lanes::store(row + lane,
                     increased(lanes::load(buffer + i * lanes + lane), lanes::load(share + lane)));
      }
    return;
  }
  for (std::size_t lane = 0; lane < used(batch); lane += width) {
    const Lanes own = lanes::load(share + lane);
    const std::size_t lines = std::min(width, used(batch) - lane);
    double* line[width];
    for (std::size_t j = 0; j < width; ++j) line[j] = field + cell(batch, lane + j, 0);
    std::size_t i = 0;
    for (; stride == 1 && lines == width && i + width <= length; i += width) {
      Lanes block[width];
      for (std::size_t j = 0; j < width; ++j)
        block[j] = increased(lanes::load(buffer + (i + j) * lanes + lane), own);
      lanes::transpose(block);
      for (std::size_t j = 0; j < width; ++j) lanes::store(line[j] + i, block[j]);
    }
    for (; i < length; ++i) {
      const Lanes row = increased(lanes::load(buffer + i * lanes + lane), own);
      for (std::size_t j = 0; j < lines; ++j) line[j][i * stride] = row[j];
    }
  }
}

}  // namespace umkehr
