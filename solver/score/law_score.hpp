// SPDX-License-Identifier: GPL-3.0-or-later
// The score grad ln P of a law over time.
#pragma once

#include <atomic>
#include <memory>

#include "solver/law/law_path.hpp"
#include "solver/score/score.hpp"

namespace umkehr {

class LawScore : public Score {
 public:
  explicit LawScore(std::shared_ptr<const LawPath> path);
  void operator()(const Points& x, double t, Components& out) const override;

 private:
  struct Snapshot {
    double time;
    std::shared_ptr<const LawAtTime> law;
  };
  std::shared_ptr<const LawAtTime> law_at(double t) const;

  std::shared_ptr<const LawPath> path_;
  mutable std::atomic<std::shared_ptr<const Snapshot>> latest_;  // batches at the same time follow each other
};

}  // namespace umkehr
