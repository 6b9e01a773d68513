// SPDX-License-Identifier: GPL-3.0-or-later
// Romberg's extrapolation of fields on logarithms, from once, twice, four times ... as many slices, whose errors run in even
// powers of a slice's length: T_k^m = T_k^(m-1) + (T_k^(m-1) - T_(k-1)^(m-1)) / (4^m - 1).
#pragma once

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace umkehr {

struct Romberg {
  std::vector<double> finest, before;  ///< by the most slices, and by half of them
  std::vector<double> best, lower;     ///< extrapolated to the highest order, and the one below

  /// `sliced(k)` is the field by 2^k times the fewest slices, k < levels.
  template <class Sliced>
  Romberg(std::size_t levels, const Sliced& sliced) {
    std::vector<std::vector<double>> row;
    for (std::size_t k = 0; k < levels; ++k) {
      std::vector<double> next = sliced(k);
      before = std::exchange(finest, next);
      for (std::size_t m = 0; m < row.size(); ++m) {
        const double weight = 1 / (std::pow(4.0, static_cast<double>(m + 1)) - 1);
        for (std::size_t i = 0; i < next.size(); ++i) row[m][i] = next[i] + (next[i] - row[m][i]) * weight;
        std::swap(row[m], next);
      }
      row.push_back(std::move(next));
    }
    best = std::move(row[levels - 1]);
    lower = std::move(row[levels - 2]);
  }

  /// Where slices do not converge as they should, extrapolating would amplify that.
  bool converges(std::size_t i, double max_change) const {
    const double change = std::abs(finest[i] - before[i]);
    return change < max_change && std::abs(best[i] - finest[i]) <= change + 1e-12 * std::abs(finest[i]);
  }
};

}  // namespace umkehr
