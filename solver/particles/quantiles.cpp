// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/quantiles.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "grids/failure.hpp"

namespace umkehr {

std::vector<Estimate> weighted_quantiles(std::span<const double> x, std::span<const double> weight,
                                         std::span<const double> probabilities) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return x[i] < x[j]; });
  std::vector<double> middle;
  double sum = 0, squares = 0;
  for (const std::size_t i : order) {
    middle.push_back(sum + weight[i] / 2);
    sum += weight[i];
    squares += weight[i] * weight[i];
  }
  if (!(sum > 0)) throw UnfitProblem("quantiles need particles of some weight");
  const auto at = [&](double p) {
    const auto above = std::lower_bound(middle.begin(), middle.end(), p * sum);
    if (above == middle.begin()) return x[order.front()];
    if (above == middle.end()) return x[order.back()];
    const auto n = static_cast<std::size_t>(above - middle.begin());
    const double share = (p * sum - middle[n - 1]) / (middle[n] - middle[n - 1]);
    return x[order[n - 1]] + share * (x[order[n]] - x[order[n - 1]]);
  };
  std::vector<Estimate> found;
  for (const double p : probabilities) {
    const double quantile = at(p);
    double below = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (x[i] <= quantile) below += weight[i] * weight[i];
    const double s = std::sqrt((1 - p) * (1 - p) * below + p * p * (squares - below)) / sum;
    found.push_back({quantile, (at(std::min(1.0, p + s)) - at(std::max(0.0, p - s))) / 2});
  }
  return found;
}

}  // namespace umkehr
