// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/paths/path_newton.hpp"

#include <algorithm>
#include <cmath>

namespace umkehr {
namespace {

constexpr int max_halvings = 40;
constexpr double farthest_step = 0.2;  // step, relative to the reach: a longer one leaps out of its valley
constexpr double sufficient = 1e-4;    // of the fall that the gradient promises (Armijo)
constexpr double roundoff = 1e-14;     // of the action's size
constexpr double negligible = 1e-13;   // of the sizes of its terms
constexpr double flat_shift =
    1e-10;  // of the largest curvature; below, a negative one cannot be told from none

}  // namespace

/// The step -(H + shift)^-1 g, with the least shift of a growing series that makes it one downhill.
bool PathNewton::solve(const BandMatrix& hessian) {
  const double scale = hessian.largest_diagonal();
  for (; shift_ <= 1e3 * scale; shift_ = shift_ > 0 ? 4 * shift_ : flat_shift * scale) {
    BandMatrix factor = hessian;
    factor.add_to_diagonal(shift_);
    if (!factor.factorise()) continue;
    step_.resize(gradient_.size());
    std::transform(gradient_.begin(), gradient_.end(), step_.begin(), [](double g) { return -g; });
    factor.solve(step_);
    return true;
  }
  return false;
}

void PathNewton::move(Path& path, double length) const {
  const std::size_t d = path.dimension();
  for (std::size_t i = 0; i < step_.size(); ++i) path.x[i % d][i / d + 1] += length * step_[i];
}

double PathNewton::largest_step() const {
  double largest = 0;
  for (const double s : step_) largest = std::max(largest, std::abs(s));
  return largest;
}

/// Moves along the step, and says how often it had to be halved; nothing if no fraction of it lowers the action.
std::optional<int> PathNewton::search(Path& path, double before) {
  double slope = 0;
  for (std::size_t i = 0; i < step_.size(); ++i) slope += gradient_[i] * step_[i];
  double length = std::min(1.0, farthest_step * scale_ / largest_step());
  for (int n = 0; n < max_halvings; ++n, length /= 2) {
    Path moved = path;
    move(moved, length);
    const double after = action_.value(moved).total();
    if (after <= before + sufficient * length * slope + roundoff * std::abs(before)) {
      path = std::move(moved);
      return n;
    }
  }
  return std::nullopt;
}

/// Whether what a step can still gain is rounding: along a direction in which the action is flat, as where a path may
/// cross sooner or later, no step need ever be small.
bool PathNewton::is_flat(const BandMatrix& hessian, const Action& now) const {
  if (shift_ > flat_shift * hessian.largest_diagonal()) return false;
  double gain = 0;
  for (std::size_t i = 0; i < step_.size(); ++i) gain -= 0.5 * gradient_[i] * step_[i];
  return gain <= negligible * (std::abs(now.kinetic) + std::abs(now.divergence) + std::abs(now.killing));
}

std::optional<Minimum> PathNewton::minimise(Path path) {
  BandMatrix hessian(0, 0);
  int flat = 0;
  for (std::size_t n = 0; n < iterations_; ++n) {
    const Action now = action_.derivatives(path, gradient_, hessian);
    if (!std::isfinite(now.total()) || !solve(hessian)) return std::nullopt;
    const bool shifted = shift_ > 0, arrived = largest_step() <= tolerance_ * scale_;
    flat = is_flat(hessian, now) ? flat + 1 : 0;
    if (flat > 2 && !arrived) return Minimum{path, now, n + 1};
    const std::optional<int> halvings = search(path, now.total());
    if (!shifted && arrived) return Minimum{path, action_.value(path), n + 1};
    if (!halvings) return std::nullopt;
    if (*halvings == 0) shift_ = shift_ > flat_shift * hessian.largest_diagonal() ? shift_ / 16 : 0;
  }
  return std::nullopt;
}

}  // namespace umkehr
