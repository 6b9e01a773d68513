// SPDX-License-Identifier: GPL-3.0-or-later
// p -> exp(-V h) p in every cell: killing (or, where V < 0, creation) alone, exact for V frozen in time.
#pragma once

#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

class KillingStep {
 public:
  KillingStep(const Process& process, const Grid& grid);

  /// Whether there is any killing.
  bool acts() const { return acts_; }
  /// Fixes the rate to that at time t, and the length of steps.
  void freeze(double t, double h);
  /// Returns the sum over the cells of what was killed.
  double apply(std::span<double> values) const;
  std::size_t memory() const;

 private:
  Coefficient rate_;
  bool acts_;
  std::vector<Points> centres_;          // none where the rate is not needed again
  std::vector<double> rates_, factors_;  // V, exp(-V h)
  double frozen_length_;
};

}  // namespace umkehr
