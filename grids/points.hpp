// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace umkehr {

/// A batch of points of R^d, one contiguous array a coordinate (all of equal length).
class Points {
 public:
  Points(std::size_t dimension, std::size_t count)
      : coordinates_(dimension, std::vector<double>(count)), count_(count) {}
  explicit Points(std::vector<std::vector<double>> coordinates)
      : coordinates_(std::move(coordinates)), count_(coordinates_.empty() ? 0 : coordinates_[0].size()) {}

  std::size_t dimension() const { return coordinates_.size(); }
  std::size_t count() const { return count_; }
  std::span<double> operator[](std::size_t axis) { return coordinates_[axis]; }
  std::span<const double> operator[](std::size_t axis) const { return coordinates_[axis]; }
  bool operator==(const Points& other) const = default;

 private:
  std::vector<std::vector<double>> coordinates_;
  std::size_t count_;
};

/// Values of a vector field at points, one array an axis.
using Components = std::vector<std::vector<double>>;

}  // namespace umkehr
