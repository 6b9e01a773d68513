// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/interpolation/time_slices.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "grids/failure.hpp"
#include "grids/interpolation/lagrange.hpp"

namespace umkehr {

TimeSlices::TimeSlices(std::vector<History> fields, std::size_t width)
    : fields_(std::move(fields)), width_(width) {
  double bytes = 1;
  for (const History& field : fields_) bytes += static_cast<double>(field.size() * sizeof(double));
  max_slices_ = static_cast<std::size_t>(std::clamp(max_bytes / bytes, 2.0, 4096.0));
}

std::shared_ptr<TimeSlices::Slice> TimeSlices::slice(double t) const {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Slice>& found = slices_[t];
  if (found) return found;
  found = std::make_shared<Slice>();
  const std::shared_ptr<Slice> slice = found;
  order_.push_back(t);
  if (order_.size() > max_slices_) {
    slices_.erase(order_.front());
    order_.pop_front();
  }
  return slice;
}

std::shared_ptr<const Components> TimeSlices::at(double t) const {
  for (const History& field : fields_) {
    const std::vector<double>& times = field.times();
    if (times.empty() || !(t >= times.front() && t <= times.back()))
      throw UnfitProblem("a field is not known at t = " + std::to_string(t));
  }
  const std::shared_ptr<Slice> slice = this->slice(t);
  // Others that ask for the same time wait for it, and nobody else does.
  std::call_once(slice->made, [&] {
    for (const History& field : fields_)
      interpolate(field, LagrangeStencil::about(field.times(), width_, t),
                  slice->fields.emplace_back(field.size()));
  });
  return {slice, &slice->fields};
}

}  // namespace umkehr
