// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/stepping/step_size.hpp"

#include <algorithm>
#include <cmath>

namespace umkehr {
namespace {

constexpr double first_fraction = 1e-3;      // of the run: the first guess
constexpr double shortest_fraction = 1e-10;  // of the run: below it the fallback scheme takes over
constexpr double logarithmic_span = 40;      // ln(run / shortest conceivable step)
constexpr double roundoff = 1e-15;           // no estimate means anything below it
constexpr double safety = 0.9;
constexpr double max_growth = 5;
constexpr double max_shrinkage = 0.1;
constexpr double stretch = 1.05;  // rather than leave a rest shorter than this allows

}  // namespace

StepSize::StepSize(double tolerance, double duration, int error_order)
    : tolerance_(tolerance),
      duration_(duration),
      exponent_(1.0 / std::max(1, error_order - 1)),
      size_(duration * first_fraction),
      shortest_(duration * shortest_fraction) {}

double StepSize::next(double remaining) {
  const double size = std::max(size_, shortest_);
  if (remaining <= stretch * size) return remaining;
  return remaining < 2 * size ? remaining / 2 : size;
}

double StepSize::allowance(double elapsed, double step) const {
  const double even = step / duration_;
  const double logarithmic = step / (elapsed + step) / logarithmic_span;
  return std::max(roundoff, 0.5 * tolerance_ * (even + logarithmic));
}

double StepSize::factor(double elapsed, double step, double error) const {
  if (!std::isfinite(error)) return max_shrinkage;
  const double ratio = allowance(elapsed, step) / std::max(error, 1e-300);
  return std::clamp(safety * std::pow(ratio, exponent_), max_shrinkage, max_growth);
}

void StepSize::accepted(double elapsed, double step, double error) {
  ++steps_since_refusal_;
  const double most = std::min(max_growth, 1 + 0.02 * steps_since_refusal_ * steps_since_refusal_);
  const double grown = step * std::min(most, factor(elapsed, step, error));
  // A step that was cut to hit a saved time says little about how long the next may be.
  size_ = step < size_ ? std::max(grown, std::min(size_, max_growth * grown)) : grown;
  shortest_ = duration_ * shortest_fraction;
}

void StepSize::refused_for_error(double elapsed, double step, double error) {
  size_ = step * std::min(safety, factor(elapsed, step, error));
  is_unacceptable_ = false;
}

void StepSize::refused_as_unacceptable(double step) {
  size_ = step / 2;
  is_unacceptable_ = true;
  steps_since_refusal_ = 0;
}

void StepSize::fell_back(double step) {
  if (is_unacceptable_) shortest_ = 4 * step;
  size_ = 2 * shortest_;
  steps_since_refusal_ = 0;
}

}  // namespace umkehr
