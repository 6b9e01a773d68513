// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/stepping/killing_step.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "grids/machine/elementary.hpp"

namespace umkehr {
namespace {

constexpr double steep_share = 0.4;   // of the range of V, between neighbouring cells
constexpr double thinnest_layer = 4;  // V h^2/D: paths enter by less than half a cell where they are killed

const double never = std::numeric_limits<double>::quiet_NaN();

}  // namespace

KillingStep::KillingStep(const Process& process, const Grid& grid)
    : grid_(grid),
      rate_(process.killing, grid.dimension()),
      diffusion_(process.diffusion),
      acts_(process.killing.constant_value() != 0.0),
      rate_varies_(process.killing.depends_on_time()),
      varies_(process.depends_on_time()),
      centres_(grid.dimension(), 0),
      rates_time_(never),
      split_time_(never),
      frozen_length_(never) {
  if (!acts_) return;
  rates_.resize(grid.size());
  factors_.resize(grid.size());
  centres_ = grid.centres();
  if (rate_varies_) return;
  evaluate(0);
  centres_ = Points(grid.dimension(), 0);
}

void KillingStep::evaluate(double t) {
  if (t == rates_time_ || (!rate_varies_ && centres_.count() == 0)) return;
  rate_.function()(centres_, t, rates_);
  least_ = *std::min_element(rates_.begin(), rates_.end());
  at_centres_ = grid_.dimension() > 1 && has_dead_cells(t);
  if (!at_centres_) replace_cut_cells(rate_, grid_, t, rates_);
  least_ = *std::min_element(rates_.begin(), rates_.end());
  range_ = std::max(*std::max_element(rates_.begin(), rates_.end()) - base(), 0.0);
  has_walls_ = neighbours_differ();
  rates_time_ = t;
  frozen_length_ = never;
}

void KillingStep::split(double t) {
  if (t == split_time_) return;
  split_time_ = t;
  if (!is_steep_ && within_.empty()) return;
  within_.clear();
  dead_.clear();
  ++version_;
  if (!is_steep_) return;
  const std::size_t axes = grid_.dimension();
  for (std::size_t k = 0; k < axes; ++k) {
    within_.push_back(killing_layer(rate_, grid_, k, t, diffusion_[k](t), rates_, base(), at_centres_));
    for (std::size_t i = 0; axes > 1 && i < rates_.size(); ++i)
      within_.back().rate[i] = std::max(rates_[i] - base(), 0.0) / static_cast<double>(axes);
  }
  if (!at_centres_ && axes > 1) return;
  for (const double rate : rates_) dead_.push_back(is_dead_at(rate - base(), t) ? 1 : 0);
}

bool KillingStep::is_dead_at(double rate, double t) const {
  for (std::size_t k = 0; k < grid_.dimension(); ++k)
    if (!is_hardly_entered(rate, grid_.axis(k).spacing(), diffusion_[k](t))) return false;
  return true;
}

bool KillingStep::has_dead_cells(double t) const {
  return is_dead_at(*std::max_element(rates_.begin(), rates_.end()) - base(), t);
}

/// By a good share of the range of V, somewhere.
bool KillingStep::neighbours_differ() const {
  const auto killing = [this](double rate) { return std::max(rate - base(), 0.0); };
  for (std::size_t k = 0; k < grid_.dimension(); ++k) {
    const std::size_t stride = grid_.stride(k), points = grid_.axis(k).points;
    for (std::size_t i = 0; i + stride < rates_.size(); ++i)
      if (i / stride % points + 1 < points &&
          std::abs(killing(rates_[i + stride]) - killing(rates_[i])) > steep_share * range_)
        return true;
  }
  return false;
}

bool KillingStep::is_steep(double t) const {
  if (has_walls_) return true;
  for (std::size_t k = 0; k < grid_.dimension(); ++k) {
    const double spacing = grid_.axis(k).spacing();
    if (range_ * spacing * spacing > thinnest_layer * diffusion_[k](t)) return true;
  }
  return false;
}

void KillingStep::choose(double t) {
  if (!acts_ || (is_settled_ && !varies_)) return;
  evaluate(t);
  const bool steep = is_steep(t);
  if (!is_settled_ || steep != is_steep_) split_time_ = frozen_length_ = never;
  is_steep_ = steep;
  is_settled_ = true;
}

void KillingStep::freeze(double t, double h) {
  if (!acts_) return;
  evaluate(t);
  if (varies_ || std::isnan(split_time_)) split(t);
  if (h == frozen_length_) return;
  for (std::size_t i = 0; i < rates_.size(); ++i)
    factors_[i] = -(is_steep_ ? std::min(base(), rates_[i]) : rates_[i]) * h;
  lanes::exp(factors_, factors_);
  frozen_length_ = h;
}

double KillingStep::apply(std::span<double> values) const {
  if (is_steep_ && least_ == 0) return 0;
  double killed = 0;
  for (std::size_t i = 0; i < rates_.size(); ++i) {
    const double left = factors_[i] * values[i];
    killed += values[i] - left;
    values[i] = left;
  }
  return killed;
}

std::size_t KillingStep::memory() const {
  return (rates_.size() + factors_.size() + 3 * within_.size() * rates_.size() +
          centres_.count() * centres_.dimension()) *
         sizeof(double);
}

}  // namespace umkehr
