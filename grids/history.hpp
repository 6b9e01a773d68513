// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace umkehr {

/// A field (`size` values on a grid) at several ascending times.
class History {
 public:
  History() = default;
  History(std::vector<double> times, std::size_t size)
      : times_(std::move(times)), size_(size), values_(times_.size() * size) {}

  const std::vector<double>& times() const { return times_; }
  std::size_t size() const { return size_; }
  std::span<double> operator[](std::size_t n) { return {values_.data() + n * size_, size_}; }
  std::span<const double> operator[](std::size_t n) const { return {values_.data() + n * size_, size_}; }
  /// All values, time slowest.
  const std::vector<double>& values() const { return values_; }

 private:
  std::vector<double> times_;
  std::size_t size_ = 0;
  std::vector<double> values_;
};

}  // namespace umkehr
