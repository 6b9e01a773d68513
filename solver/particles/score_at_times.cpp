// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/score_at_times.hpp"

#include <mutex>

namespace umkehr {
namespace {

constexpr std::size_t max_kept = 32'000'000;  // numbers, over all times
constexpr std::size_t a_gaussian = 30;        // of its own, beside those of its covariance

std::size_t size_of(const LawAtTime& law) {
  if (!law.mixture()) return max_kept / 64;
  const std::size_t d = law.mixture()->dimension();
  return law.mixture()->components().size() * (a_gaussian + 2 * d * d);
}

}  // namespace

std::shared_ptr<const LawAtTime> ScoreAtTimes::law_at(double t) const {
  {
    const std::shared_lock lock(mutex_);
    if (const auto kept = kept_.find(t); kept != kept_.end()) return kept->second;
  }
  std::shared_ptr<const LawAtTime> law = path_->at(t);
  const std::unique_lock lock(mutex_);
  if ((kept_.size() + 1) * size_of(*law) <= max_kept) kept_.emplace(t, law);
  return law;
}

void ScoreAtTimes::operator()(const Points& x, double t, Components& out) const {
  law_at(t)->score(x, out);
}

void ScoreAtTimes::with_divergence(const Points& x, double t, std::span<const double> factor, Components& out,
                                   std::span<double> divergence) const {
  law_at(t)->score_and_divergence(x, factor, out, divergence);
}

}  // namespace umkehr
