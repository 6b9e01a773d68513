// SPDX-License-Identifier: GPL-3.0-or-later
// Fields over time at the times that they are asked for: the polynomial in time through the nearest of their times, once for
// each time and not for each place. The latest slices are kept, as many as 64 MB hold and two at least.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "grids/history.hpp"
#include "grids/points.hpp"

namespace umkehr {

class TimeSlices {
 public:
  /// By polynomials through `width` times. The fields are of one size.
  TimeSlices(std::vector<History> fields, std::size_t width);

  const std::vector<History>& fields() const { return fields_; }
  /// All fields at t. Several threads may ask at once. Throws UnfitProblem outside of their times.
  std::shared_ptr<const Components> at(double t) const;

  static constexpr double max_bytes = 64e6;

 private:
  struct Slice {
    std::once_flag made;
    Components fields;
  };
  std::shared_ptr<Slice> slice(double t) const;

  std::vector<History> fields_;
  std::size_t width_, max_slices_;
  mutable std::mutex mutex_;  // of what follows
  mutable std::map<double, std::shared_ptr<Slice>> slices_;
  mutable std::deque<double> order_;  // in which they came
};

}  // namespace umkehr
