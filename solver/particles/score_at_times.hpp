// SPDX-License-Identifier: GPL-3.0-or-later
// The score of a law at the times that it was asked for, kept: blocks of particles come to each of them one after the other.
#pragma once

#include <map>
#include <memory>
#include <shared_mutex>

#include "solver/law/law_path.hpp"
#include "solver/score/score.hpp"

namespace umkehr {

class ScoreAtTimes : public Score {
 public:
  explicit ScoreAtTimes(std::shared_ptr<const LawPath> path) : path_(std::move(path)) {}
  void operator()(const Points& x, double t, Components& out) const override;
  bool has_divergence() const override { return true; }
  /// Throws UnfitProblem where the law does not know it.
  void with_divergence(const Points& x, double t, std::span<const double> factor, Components& out,
                       std::span<double> divergence) const override;

 private:
  std::shared_ptr<const LawAtTime> law_at(double t) const;

  std::shared_ptr<const LawPath> path_;
  mutable std::shared_mutex mutex_;
  mutable std::map<double, std::shared_ptr<const LawAtTime>> kept_;
};

}  // namespace umkehr
