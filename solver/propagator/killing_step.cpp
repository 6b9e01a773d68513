// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/propagator/killing_step.hpp"

#include <limits>

#include "grids/elementary.hpp"

namespace umkehr {

KillingStep::KillingStep(const Process& process, const Grid& grid)
    : rate_(process.killing),
      acts_(rate_.constant_value() != 0.0),
      frozen_length_(std::numeric_limits<double>::quiet_NaN()) {
  if (!acts_) return;
  rates_.resize(grid.size());
  factors_.resize(grid.size());
  Points centres = grid.centres();
  if (rate_.depends_on_time())
    centres_.push_back(std::move(centres));
  else
    rate_(centres, 0, rates_);
}

void KillingStep::freeze(double t, double h) {
  if (!acts_ || (centres_.empty() && h == frozen_length_)) return;
  if (!centres_.empty()) rate_(centres_.front(), t, rates_);
  for (std::size_t i = 0; i < rates_.size(); ++i) factors_[i] = -rates_[i] * h;
  lanes::exp(factors_, factors_);
  frozen_length_ = h;
}

double KillingStep::apply(std::span<double> values) const {
  double killed = 0;
  for (std::size_t i = 0; i < rates_.size(); ++i) {
    const double left = factors_[i] * values[i];
    killed += values[i] - left;
    values[i] = left;
  }
  return killed;
}

std::size_t KillingStep::memory() const {
  return (rates_.size() + factors_.size() +
          (centres_.empty() ? 0 : rates_.size() * centres_[0].dimension())) *
         sizeof(double);
}

}  // namespace umkehr
