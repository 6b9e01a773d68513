// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/comparison/compare_norms.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace umkehr {
namespace {

struct Means {
  double l1 = 0, l2 = 0, linf = 0;
  std::size_t where = 0;
};

// A density that is positive nowhere, or infinite, weighs nothing: then all points count alike.
std::vector<double> weights_of(std::span<const double> density, std::size_t size) {
  double most = 0;
  for (const double value : density) most = std::max(most, value);
  std::vector<double> weights(size, 1.0);
  if (most == 0 || !std::isfinite(most)) return weights;
  for (std::size_t i = 0; i < size; ++i)
    weights[i] = density[i] > trusted_fraction * most ? density[i] / most : 0;
  return weights;
}

// Divided by their largest first, so that no square over- or underflows.
template <typename Value>
Means weighted_means(const std::vector<double>& weights, Value value) {
  Means means;
  double total = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double size = weights[i] > 0 ? std::abs(value(i)) : 0;
    total += weights[i];
    if (size <= means.linf) continue;
    means.linf = size;
    means.where = i;
  }
  if (means.linf == 0 || total == 0) return means;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    const double scaled = std::min(std::abs(value(i)) / means.linf, 1.0);
    means.l1 += weights[i] * scaled;
    means.l2 += weights[i] * scaled * scaled;
  }
  means.l1 *= means.linf / total;
  means.l2 = means.linf * std::sqrt(means.l2 / total);
  return means;
}

}  // namespace

Norms difference_norms(std::span<const double> a, std::span<const double> b,
                       std::span<const double> density) {
  std::vector<double> weights = weights_of(density, b.size());
  Norms norms;
  std::size_t first_unequal = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (std::isfinite(a[i]) && std::isfinite(b[i])) continue;
    weights[i] = 0;
    if (a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]))) continue;
    if (norms.unequal_not_finite++ == 0) first_unequal = i;
  }
  const Means difference = weighted_means(weights, [&](std::size_t i) { return a[i] - b[i]; });
  const Means reference = weighted_means(weights, [&](std::size_t i) { return b[i]; });
  norms.l1 = difference.l1, norms.l2 = difference.l2, norms.linf = difference.linf;
  norms.reference_l1 = reference.l1, norms.reference_l2 = reference.l2, norms.reference_linf = reference.linf;
  norms.where = norms.unequal_not_finite > 0 ? first_unequal : difference.where;
  return norms;
}

double ratio(double difference, double reference) {
  if (difference == 0) return 0;
  return reference == 0 ? std::numeric_limits<double>::infinity() : difference / reference;
}

}  // namespace umkehr
