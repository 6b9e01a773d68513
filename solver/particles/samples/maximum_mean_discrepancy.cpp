// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/samples/maximum_mean_discrepancy.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "grids/failure.hpp"
#include "solver/particles/samples/two_sample_statistic.hpp"

namespace umkehr {

namespace {

constexpr std::size_t max_for_median = 1000;

/// Points of both samples, at equal steps through them.
std::vector<std::vector<double>> some_points(const Points& x, const Points& y) {
  const std::size_t all = x.count() + y.count(), count = std::min(all, max_for_median);
  std::vector<std::vector<double>> chosen(count, std::vector<double>(x.dimension()));
  for (std::size_t n = 0; n < count; ++n) {
    const std::size_t i = n * all / count;
    for (std::size_t k = 0; k < x.dimension(); ++k)
      chosen[n][k] = i < x.count() ? x[k][i] : y[k][i - x.count()];
  }
  return chosen;
}

double euclidean_distance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return std::sqrt(sum);
}

/// A kernel is the larger the nearer its points are, a distance the other way round.
PairSums negative(PairSums sums) {
  for (double& sum : sums.sum) sum = -sum;
  return sums;
}

/// k(x, x) = 1 of each point with itself.
PairSums without_selves(PairSums sums) {
  for (double& sum : sums.sum) sum -= 1;
  sums.squares -= static_cast<double>(sums.sum.size());
  return sums;
}

}  // namespace

double median_distance(const Points& x, const Points& y) {
  const std::vector<std::vector<double>> points = some_points(x, y);
  std::vector<double> distances;
  double sum = 0;
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      distances.push_back(euclidean_distance(points[i], points[j]));
      sum += distances.back();
    }
  if (distances.empty()) return 0;
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  return *middle > 0 ? *middle : sum / static_cast<double>(distances.size());
}

Estimate maximum_mean_discrepancy(const Points& x, const Points& y, double bandwidth) {
  check_samples(x, y, 2);
  if (!(bandwidth >= 0) || !std::isfinite(bandwidth)) throw UnfitProblem("the bandwidth must be >= 0");
  const double b = bandwidth > 0 ? bandwidth : median_distance(x, y);
  if (b == 0) return {};  // all points are the same
  const auto sums = [b](const Points& from, const Points& to) {
    return negative(gaussian_sums(from, to, b));
  };
  const auto own = [b](const Points& one) { return negative(without_selves(gaussian_sums(one, one, b))); };
  return two_sample_statistic(sums(x, y), sums(y, x), own(x), own(y));
}

}  // namespace umkehr
