// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/score_at_times.hpp"

#include <mutex>

namespace umkehr {
namespace {

constexpr std::size_t max_kept = 1'000'000;  // Gaussians, over all times

std::size_t size_of(const LawAtTime& law) {
  return law.mixture() ? law.mixture()->components().size() : max_kept / 64;
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

}  // namespace umkehr
