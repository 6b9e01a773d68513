// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/samples/two_sample_statistic.hpp"

#include <algorithm>
#include <cmath>

namespace umkehr {

namespace {

/// For each point, the mean of h over its partners, with the mean of that, and of its square.
struct PartnerMeans {
  std::vector<double> each;
  double mean = 0, square = 0;

  PartnerMeans(const PairSums& sums, double partners) : each(sums.sum) {
    const auto n = static_cast<double>(each.size());
    for (double& one : each) {
      one /= partners;
      mean += one / n;
      square += one * one / n;
    }
  }
};

double sample_variance(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0, sum = 0;
  for (const double value : values) mean += value / n;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / (n - 1);
}

/// Var(phi): of twice the difference of the means over partners in the other sample and in its own.
double influence_variance(const PartnerMeans& other, const PartnerMeans& own) {
  std::vector<double> influence(own.each.size());
  for (std::size_t i = 0; i < influence.size(); ++i) influence[i] = 2 * (other.each[i] - own.each[i]);
  return sample_variance(influence);
}

double residual_within(const PairSums& sums, const PartnerMeans& means, double n) {
  return std::max(sums.squares / (n * (n - 1)) - 2 * means.square + means.mean * means.mean, 0.0);
}

}  // namespace

Estimate two_sample_statistic(const PairSums& x_to_y, const PairSums& y_to_x, const PairSums& x_to_x,
                              const PairSums& y_to_y) {
  const auto n = static_cast<double>(x_to_y.sum.size()), m = static_cast<double>(y_to_x.sum.size());
  const PartnerMeans xy(x_to_y, m), yx(y_to_x, n), xx(x_to_x, n - 1), yy(y_to_y, m - 1);
  const double between = x_to_y.squares / (n * m) - xy.square - yx.square + xy.mean * xy.mean;
  const double quadratic = 4 * std::max(between, 0.0) / (n * m) +
                           2 * residual_within(x_to_x, xx, n) / (n * n) +
                           2 * residual_within(y_to_y, yy, m) / (m * m);
  const double linear = influence_variance(xy, xx) / n + influence_variance(yx, yy) / m - 2 * quadratic;
  return {2 * xy.mean - xx.mean - yy.mean, std::sqrt(std::max(linear, 0.0) + quadratic)};
}

}  // namespace umkehr
