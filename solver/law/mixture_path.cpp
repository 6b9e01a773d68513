// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/law/mixture_path.hpp"

#include <algorithm>
#include <utility>

namespace umkehr {
namespace {

constexpr double mean_accuracy = 1e-8;  // of the step before the last: halving a step squares the error

}  // namespace

std::vector<double> MixtureAtTime::mean(std::size_t count, const PointFunctions& f) const {
  return mixture_mean(law_, count, f, mean_accuracy).value;
}

MixturePath::MixturePath(AffineProcess process, GaussianMixture law, double start)
    : process_(std::move(process)), times_{start}, laws_{std::move(law)} {}

MixturePath::MixturePath(AffineProcess process, GaussianMixture law, double start, double stop,
                         std::size_t stations)
    : MixturePath(std::move(process), std::move(law), start) {
  for (std::size_t n = 1; n <= stations; ++n) {
    times_.push_back(start + (stop - start) * static_cast<double>(n) / static_cast<double>(stations));
    laws_.push_back(process_.push(laws_.back(), times_[n - 1], times_[n]));
  }
}

GaussianMixture MixturePath::mixture_at(double t) const {
  const auto after = std::upper_bound(times_.begin(), times_.end(), t) - times_.begin();
  const auto n = static_cast<std::size_t>(std::max<std::ptrdiff_t>(after, 1) - 1);
  return process_.push(laws_[n], times_[n], std::max(t, times_[n]));
}

std::shared_ptr<const LawAtTime> MixturePath::at(double t) const {
  return std::make_shared<MixtureAtTime>(mixture_at(t));
}

}  // namespace umkehr
