// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/score/mixture_forward_law.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "grids/dense/dense_matrix.hpp"
#include "grids/log_sum_exp.hpp"

namespace umkehr {
namespace {

constexpr std::size_t intervals = 128;

}  // namespace

MixtureAtPoints::MixtureAtPoints(const GaussianMixture& mixture) : dimension_(mixture.dimension()) {
  if (mixture.is_singular()) throw std::domain_error("a point mass has no score");
  for (const Gaussian& gaussian : mixture.components()) {
    if (gaussian.weight == 0) continue;
    const auto [precision, log_determinant] = invert(gaussian.covariance);
    const double volume = log_determinant + static_cast<double>(dimension_) * std::log(2 * std::numbers::pi);
    constant_.push_back(std::log(gaussian.weight) - volume / 2);
    mean_.insert(mean_.end(), gaussian.mean.begin(), gaussian.mean.end());
    precision_.insert(precision_.end(), precision.data(), precision.data() + precision.size());
  }
}

double MixtureAtPoints::exponent(std::size_t component, std::span<const double> x) const {
  const double* mean = &mean_[component * dimension_];
  const double* precision = &precision_[component * dimension_ * dimension_];
  double square = 0;
  for (std::size_t k = 0; k < dimension_; ++k)
    for (std::size_t l = 0; l < dimension_; ++l)
      square += (x[k] - mean[k]) * precision[k * dimension_ + l] * (x[l] - mean[l]);
  return constant_[component] - square / 2;
}

double MixtureAtPoints::log_density(std::span<const double> x) const {
  return log_sum_exp(constant_.size(), [&](std::size_t c) { return exponent(c, x); });
}

double MixtureAtPoints::score(std::span<const double> x, std::size_t axis) const {
  double most = -std::numeric_limits<double>::infinity(), sum = 0, slope = 0;
  for (std::size_t c = 0; c < constant_.size(); ++c) most = std::max(most, exponent(c, x));
  for (std::size_t c = 0; c < constant_.size(); ++c) {
    const double share = std::exp(exponent(c, x) - most);
    const double* row = &precision_[(c * dimension_ + axis) * dimension_];
    double own = 0;
    for (std::size_t l = 0; l < dimension_; ++l) own -= row[l] * (x[l] - mean_[c * dimension_ + l]);
    sum += share;
    slope += share * own;
  }
  return slope / sum;
}

MixtureForwardLaw::MixtureForwardLaw(AffineProcess process, const GaussianMixture& initial, double start,
                                     double stop)
    : process_(std::move(process)), times_{start}, laws_{initial} {
  for (std::size_t n = 1; n <= intervals; ++n) {
    times_.push_back(start + (stop - start) * static_cast<double>(n) / intervals);
    laws_.push_back(process_.push(laws_.back(), times_[n - 1], times_[n]));
  }
}

GaussianMixture MixtureForwardLaw::at(double t) const {
  const auto after = std::upper_bound(times_.begin(), times_.end(), t) - times_.begin();
  const auto n = static_cast<std::size_t>(std::max<std::ptrdiff_t>(after, 1) - 1);
  return process_.push(laws_[n], times_[n], std::max(t, times_[n]));
}

double MixtureForwardLaw::log_density(std::span<const double> x, double t) const {
  return latest_.at(t, [this](double now) { return MixtureAtPoints(at(now)); })->log_density(x);
}

double MixtureForwardLaw::score(std::span<const double> x, double t, std::size_t axis) const {
  return latest_.at(t, [this](double now) { return MixtureAtPoints(at(now)); })->score(x, axis);
}

}  // namespace umkehr
