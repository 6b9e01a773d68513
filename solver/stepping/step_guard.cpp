// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/stepping/step_guard.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "grids/failure.hpp"
#include "grids/middle_half.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {
namespace {

constexpr std::size_t steps_between = 4;  // looking costs about a tenth of a step
constexpr double max_excess = 1e-6, max_ripple_excess = 0.05;
constexpr double overshoot = 2;
constexpr double rounding = 1e-15, max_rounding = 1e-6, max_ripple = 0.2;

double largest_size(std::span<const double> values) {
  double most = 0;
  for (const double value : values) most = std::max(most, std::abs(value));
  return most;
}

/// Of the middle half of the axes.
struct Middle {
  double least = 0, largest_size = 0;
};

Middle middle_of(const Grid& grid, std::span<const double> values) {
  Middle middle;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!in_middle_half(grid, i)) continue;
    middle.least = std::min(middle.least, values[i]);
    middle.largest_size = std::max(middle.largest_size, std::abs(values[i]));
  }
  return middle;
}

}  // namespace

DensityGuard::DensityGuard(const Discretisation& discretisation, const Grid& grid,
                           std::span<const double> start, bool ripples)
    : discretisation_(discretisation),
      density_(grid.size()),
      allowed_(ripples ? std::max(max_ripple_excess, 3 * excess(start))
                       : std::max(max_excess, 1.05 * excess(start))) {}

double DensityGuard::excess(std::span<const double> state) {
  discretisation_.density(state, density_);
  double size = 0, mass = 0;
  for (const double p : density_) {
    size += std::abs(p);
    mass += p;
  }
  return mass == size ? 0 : size / mass - 1;
}

void DensityGuard::see(std::span<const double> state, double t) {
  if (++seen_ % steps_between != 0) return;
  const double found = excess(state);
  if (found >= 0 && found <= allowed_) return;
  std::ostringstream text;
  text.precision(3);
  text << "the density is not resolved: at t = " << t << " the integral of its size exceeds its mass by "
       << found << " of it (" << allowed_ << " is allowed); take more points, or method finite-volume";
  throw NumericalFailure(text.str());
}

ValueGuard::ValueGuard(const Discretisation& discretisation, const Process& process, const Grid& grid,
                       const Coefficient& terminal, double start, double stop)
    : discretisation_(discretisation), grid_(grid), value_(grid.size()), stop_(stop) {
  const Points centres = grid.centres();
  terminal(centres, stop, value_);
  largest_terminal_ = largest_size(value_);
  is_positive_ = *std::min_element(value_.begin(), value_.end()) >= 0;
  if (process.killing.constant_value() == 0.0) return;
  const int samples = process.killing.depends_on_time() ? 16 : 1;
  for (int n = 0; n < samples; ++n) {
    process.killing(centres, start + (stop - start) * (n + 0.5) / samples, value_);
    growth_ = std::max(growth_, -*std::min_element(value_.begin(), value_.end()));
  }
}

void ValueGuard::see(std::span<const double> state, double t) {
  if (++seen_ % steps_between != 0) return;
  discretisation_.value(state, value_);
  const double found = largest_size(value_);
  const double bound = largest_terminal_ * std::exp(growth_ * (stop_ - t));
  std::ostringstream text;
  text.precision(3);
  const Middle middle = middle_of(grid_, value_);
  const bool ripples = is_positive_ && middle.least < -max_ripple * middle.largest_size;
  if (ripples || rounding * found > max_rounding * middle.largest_size) {
    text << "at t = " << t << " the value is " << found
         << " at the walls, and in the middle half of the axes " << middle.least << " to "
         << middle.largest_size
         << ", where that leaves nothing but noise; take axes that reach less far, more points, or method "
            "finite-volume";
    throw NumericalFailure(text.str());
  }
  if (found <= overshoot * bound) return;
  text << "the value grows without reason: at t = " << t << " it reaches " << found << ", where " << bound
       << " is the most that its terminal value and the killing allow; take more points, or method "
          "finite-volume";
  throw NumericalFailure(text.str());
}

}  // namespace umkehr
