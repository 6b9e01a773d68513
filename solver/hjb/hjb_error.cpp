// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/hjb_error.hpp"

#include <algorithm>
#include <cmath>

#include "grids/machine/infinity.hpp"

namespace umkehr {

double difference(std::span<const double> value, std::span<const double> reference) {
  const double least = *std::min_element(reference.begin(), reference.end());
  double largest = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const double relative = std::abs(value[i] - reference[i]) / (1 + reference[i] - least);
    if (!std::isfinite(relative)) return infinity;
    largest = std::max(largest, relative);
  }
  return largest;
}

std::vector<double> difference(const HjbSolution& solution, const HjbSolution& reference) {
  std::vector<double> all;
  for (std::size_t n = 0; n < solution.value.times().size(); ++n)
    all.push_back(difference(solution.value[n], reference.value[n]));
  return all;
}

}  // namespace umkehr
