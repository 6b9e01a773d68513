// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/score/law_score.hpp"

#include <utility>

namespace umkehr {

LawScore::LawScore(std::shared_ptr<const LawPath> path) : path_(std::move(path)) {}

std::shared_ptr<const LawAtTime> LawScore::law_at(double t) const {
  const std::shared_ptr<const Snapshot> latest = latest_.load();
  if (latest && latest->time == t) return latest->law;
  const auto snapshot = std::make_shared<const Snapshot>(Snapshot{t, path_->at(t)});
  latest_.store(snapshot);
  return snapshot->law;
}

void LawScore::operator()(const Points& x, double t, Components& out) const {
  law_at(t)->score(x, out);
}

}  // namespace umkehr
