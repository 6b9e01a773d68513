// SPDX-License-Identifier: GPL-3.0-or-later
// Sums over particles, kept apart for independent groups of them, and the delete-one-group jackknife of any function of the
// sums (Efron and Stein, Ann. Stat. 9 (1981) 586): value and standard error of ratios, covariances, logarithms alike.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "solver/particles/samples/estimate.hpp"

namespace umkehr {

class GroupedSums {
 public:
  GroupedSums() = default;
  GroupedSums(std::size_t groups, std::size_t columns)
      : groups_(groups), columns_(columns), values_(groups * columns) {}

  std::size_t groups() const { return groups_; }
  std::span<double> operator[](std::size_t group) { return {&values_[group * columns_], columns_}; }
  std::span<const double> operator[](std::size_t group) const {
    return {&values_[group * columns_], columns_};
  }

  /// Of `columns` from `first` on.
  std::vector<double> total(std::size_t first, std::size_t columns) const;

  /// f(sums) takes `columns` sums, from `first` on.
  template <class Function>
  Estimate estimate(std::size_t first, std::size_t columns, const Function& f) const {
    const std::vector<double> all = total(first, columns);
    const double value = f(std::span<const double>(all));
    if (groups_ < 2) return {value, NAN};
    std::vector<double> without(groups_), rest(columns);
    double mean = 0;
    for (std::size_t g = 0; g < groups_; ++g) {
      for (std::size_t c = 0; c < columns; ++c) rest[c] = all[c] - (*this)[g][first + c];
      mean += without[g] = f(std::span<const double>(rest));
    }
    mean /= static_cast<double>(groups_);
    double squares = 0;
    for (const double one : without) squares += (one - mean) * (one - mean);
    const auto groups = static_cast<double>(groups_);
    return {value, std::sqrt(squares * (groups - 1) / groups)};
  }

 private:
  std::size_t groups_ = 0, columns_ = 0;
  std::vector<double> values_;
};

}  // namespace umkehr
