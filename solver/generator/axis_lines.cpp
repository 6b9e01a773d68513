// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/generator/axis_lines.hpp"

#include <algorithm>

#include "grids/transpose.hpp"

namespace umkehr {
namespace {

constexpr std::size_t width = lanes::width;
constexpr std::size_t shortest_segment = 16;  // below it, joining segments costs more than it gains

/// Whole lines fill one or four vectors; one line is cut into two vectors of segments, or one, if it can be.
std::size_t lanes_for(std::size_t lines, std::size_t points) {
  if (lines > 1) return lines <= width ? width : 2 * width;
  return points % (2 * width) == 0 && points / (2 * width) >= shortest_segment ? 2 * width : width;
}

bool is_cut(std::size_t lines, std::size_t points, std::size_t lanes) {
  return lines == 1 && points % lanes == 0 && points / lanes >= shortest_segment;
}

}  // namespace

AxisLines::AxisLines(const Grid& grid, std::size_t axis)
    : axis_(axis), points_(grid.axis(axis).points), stride_(grid.stride(axis)) {
  const std::size_t lines = grid.size() / points_;
  lanes_ = lanes_for(lines, points_);
  length_ = is_cut(lines, points_, lanes_) ? points_ / lanes_ : points_;
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

void AxisLines::gather(const double* field, std::size_t batch, double* buffer) const {
  if (is_block(batch)) {
    for (std::size_t i = 0; i < length_; ++i, buffer += lanes_)
      std::copy_n(field + cell(batch, 0, i), lanes_, buffer);
    return;
  }
  for (std::size_t lane = 0; lane < lanes_; lane += width) {
    std::size_t i = 0;
    if (stride_ == 1 && lane + width <= used(batch))
      for (; i + width <= length_; i += width) {
        Lanes block[width];
        for (std::size_t j = 0; j < width; ++j) block[j] = lanes::load(field + cell(batch, lane + j, i));
        lanes::transpose(block);
        for (std::size_t j = 0; j < width; ++j) lanes::store(buffer + (i + j) * lanes_ + lane, block[j]);
      }
    for (; i < length_; ++i)
      for (std::size_t j = lane; j < lane + width; ++j) buffer[i * lanes_ + j] = field[cell(batch, j, i)];
  }
}

void AxisLines::scatter(const double* buffer, std::size_t batch, double* field) const {
  if (is_block(batch)) {
    for (std::size_t i = 0; i < length_; ++i, buffer += lanes_)
      std::copy_n(buffer, lanes_, field + cell(batch, 0, i));
    return;
  }
  for (std::size_t lane = 0; lane < used(batch); lane += width) {
    std::size_t i = 0;
    if (stride_ == 1 && lane + width <= used(batch))
      for (; i + width <= length_; i += width) {
        Lanes block[width];
        for (std::size_t j = 0; j < width; ++j) block[j] = lanes::load(buffer + (i + j) * lanes_ + lane);
        lanes::transpose(block);
        for (std::size_t j = 0; j < width; ++j) lanes::store(field + cell(batch, lane + j, i), block[j]);
      }
    for (; i < length_; ++i)
      for (std::size_t j = lane; j < std::min(lane + width, used(batch)); ++j)
        field[cell(batch, j, i)] = buffer[i * lanes_ + j];
  }
}

}  // namespace umkehr
