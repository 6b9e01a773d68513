// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/generator/axis_lines.hpp"

#include <algorithm>

namespace umkehr {
namespace {

constexpr std::size_t wide = 4 * lanes::width;

}  // namespace

AxisLines::AxisLines(const Grid& grid, std::size_t axis)
    : axis_(axis),
      length_(grid.axis(axis).points),
      stride_(grid.stride(axis)),
      lines_(grid.size() / length_),
      lanes_(lines_ <= lanes::width ? lanes::width : wide) {
  for (std::size_t cell = 0; cell < grid.size(); ++cell)
    if (cell / stride_ % length_ == 0) starts_.push_back(cell);
  while (starts_.size() % lanes_ != 0) starts_.push_back(starts_.back());
}

std::size_t AxisLines::used(std::size_t batch) const {
  return std::min(lanes_, lines_ - batch * lanes_);
}

bool AxisLines::neighbours(std::size_t batch) const {
  return cell(batch, lanes_ - 1, 0) - cell(batch, 0, 0) == lanes_ - 1;
}

void AxisLines::gather(const double* field, std::size_t batch, double* buffer) const {
  if (neighbours(batch)) {
    for (std::size_t i = 0; i < length_; ++i)
      std::copy_n(field + cell(batch, 0, i), lanes_, buffer + i * lanes_);
    return;
  }
  for (std::size_t lane = 0; lane < lanes_; ++lane)
    for (std::size_t i = 0; i < length_; ++i) buffer[i * lanes_ + lane] = field[cell(batch, lane, i)];
}

void AxisLines::scatter(const double* buffer, std::size_t batch, double* field) const {
  if (neighbours(batch)) {
    for (std::size_t i = 0; i < length_; ++i)
      std::copy_n(buffer + i * lanes_, lanes_, field + cell(batch, 0, i));
    return;
  }
  for (std::size_t lane = 0; lane < used(batch); ++lane)
    for (std::size_t i = 0; i < length_; ++i) field[cell(batch, lane, i)] = buffer[i * lanes_ + lane];
}

}  // namespace umkehr
