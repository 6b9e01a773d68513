// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>

namespace umkehr {

/// The size of a difference in the norm in which the equation does not amplify it, L1 for a density, largest for a
/// value, relative to the size of the result.
class RelativeError {
 public:
  explicit RelativeError(bool of_density) : sums_(of_density) {}
  void add(double difference, double value) {
    difference_ = sums_ ? difference_ + std::abs(difference) : std::max(difference_, std::abs(difference));
    size_ = sums_ ? size_ + std::abs(value) : std::max(size_, std::abs(value));
    finite_ = finite_ && std::isfinite(difference) && std::isfinite(value);
  }
  double value() const {
    if (!finite_) return std::nan("");
    return size_ > 0 ? difference_ / size_ : 0;
  }

 private:
  bool sums_, finite_ = true;
  double difference_ = 0, size_ = 0;
};

}  // namespace umkehr
