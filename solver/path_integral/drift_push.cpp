// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/path_integral/drift_push.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "grids/failure.hpp"
#include "solver/stepping/lawson.hpp"

namespace umkehr {
namespace {

constexpr std::size_t lengths_kept = 3;  // an extrapolated step takes slices of three lengths
constexpr double max_turns = 1;          // |dF/dx| h of one Runge-Kutta step
constexpr double max_substeps = 64;

/// Lengths of equal slices differ in their last digits, which would have every drift followed anew.
double rounded(double h) {
  int exponent = 0;
  const double mantissa = std::frexp(h, &exponent);
  return std::ldexp(std::round(std::ldexp(mantissa, 40)), exponent - 40);
}

}  // namespace

DriftPush::DriftPush(const Process& process, const Grid& grid, const SplineGrid& spline, int order)
    : drift_(process.drift), grid_(grid), spline_(spline), centres_(grid.centres()), order_(order) {
  const auto is_zero = [](const Coefficient& f) { return f.constant_value() == 0.0; };
  acts_ = !std::all_of(drift_.begin(), drift_.end(), is_zero);
  for (const Coefficient& f : drift_) is_static_ = is_static_ && !f.depends_on_time();
}

/// F at points, each moved back into the box first.
void DriftPush::drift(const Points& x, double t, std::vector<std::vector<double>>& out) const {
  Points inside = x;
  for (std::size_t k = 0; k < grid_.dimension(); ++k) {
    const Axis& axis = grid_.axis(k);
    const double turns = 1 / axis.length();
    for (double& at : inside[k])
      if (axis.boundary == Boundary::periodic)
        at -= axis.length() * std::floor((at - axis.from) * turns);
      else
        at = std::clamp(at, axis.from, axis.to);
  }
  out.resize(drift_.size());
  for (std::size_t k = 0; k < drift_.size(); ++k) {
    out[k].resize(x.count());
    drift_[k](inside, t, out[k]);
    for (const double f : out[k])
      if (!std::isfinite(f)) throw UnfitProblem("the drift is not finite at t = " + std::to_string(t));
  }
}

/// About the largest |dF/dx|, from differences between neighbours.
double DriftPush::steepness(const std::vector<std::vector<double>>& drift) const {
  double steepest = 0;
  for (std::size_t k = 0; k < grid_.dimension(); ++k) {
    const std::size_t stride = grid_.stride(k), block = stride * grid_.axis(k).points;
    double most = 0;
    for (const std::vector<double>& f : drift)
      for (std::size_t first = 0; first < f.size(); first += block)
        for (std::size_t i = first; i + stride < first + block; ++i)
          most = std::max(most, std::abs(f[i + stride] - f[i]));
    steepest = std::max(steepest, most / grid_.axis(k).spacing());
  }
  return steepest;
}

Points DriftPush::follow(double t, double h) const {
  const std::size_t d = grid_.dimension();
  Points x = centres_;
  std::vector<std::vector<std::vector<double>>> slope(order_ == 1 ? 1 : DormandPrince::stages - 1);
  drift(x, t, slope[0]);
  const double steps =
      order_ == 1 ? 1
                  : std::clamp(std::ceil(steepness(slope[0]) * std::abs(h) / max_turns), 1.0, max_substeps);
  const auto moved = [&](std::span<const double> weights, double length) {
    Points y = x;
    for (std::size_t k = 0; k < d; ++k)
      for (std::size_t j = 0; j < weights.size(); ++j)
        if (weights[j] != 0)
          for (std::size_t i = 0; i < y.count(); ++i) y[k][i] += length * weights[j] * slope[j][k][i];
    return y;
  };
  const double one = 1;
  for (double n = 0; n < steps; ++n) {
    if (n > 0) drift(x, t, slope[0]);
    if (order_ > 1)
      for (std::size_t j = 1; j < slope.size(); ++j)
        drift(moved(std::span(DormandPrince::matrix[j]).first(j), h / steps), t, slope[j]);
    x = order_ == 1 ? moved({&one, 1}, h)
                    : moved(std::span(DormandPrince::matrix.back()).first(slope.size()), h / steps);
  }
  for (std::size_t k = 0; k < d; ++k) spline_.place(k, x[k]);
  return x;
}

const Points& DriftPush::to(double t, double h) {
  const double time = is_static_ ? 0 : t, length = rounded(h);
  for (const std::unique_ptr<Pushed>& kept : kept_)
    if (kept->time == time && kept->length == length) return kept->places;
  auto pushed = std::make_unique<Pushed>(Pushed{time, length, follow(time, length)});
  if (kept_.size() < (is_static_ ? lengths_kept : 1)) kept_.push_back(nullptr);
  next_ = next_ % kept_.size();
  std::unique_ptr<Pushed>& slot = kept_.back() == nullptr ? kept_.back() : kept_[next_++];
  slot = std::move(pushed);
  return slot->places;
}

bool DriftPush::crosses_walls(std::size_t axis, double t) const {
  const Axis& across = grid_.axis(axis);
  if (across.boundary == Boundary::periodic) return false;
  const std::size_t stride = grid_.stride(axis), n = across.points;
  Points walls(grid_.dimension(), 2 * grid_.size() / n);
  for (std::size_t i = 0, place = 0; i < grid_.size(); ++i) {
    const std::size_t layer = i / stride % n;
    if (layer != 0 && layer != n - 1) continue;
    for (std::size_t k = 0; k < grid_.dimension(); ++k) walls[k][place] = centres_[k][i];
    walls[axis][place++] = layer == 0 ? across.from : across.to;
  }
  std::vector<double> f(walls.count());
  drift_[axis](walls, t, f);
  return std::any_of(f.begin(), f.end(),
                     [&](double speed) { return !(std::abs(speed) < 1e-12 * across.length()); });
}

double DriftPush::min_stretch(double t, double h, std::span<const double> weight, double populated) const {
  std::vector<std::vector<double>> f;
  drift(centres_, t, f);
  double least = 1;
  for (std::size_t k = 0; k < grid_.dimension(); ++k) {
    const std::size_t stride = grid_.stride(k), n = grid_.axis(k).points;
    for (std::size_t i = 0; i < weight.size(); ++i)
      if (i / stride % n + 1 < n && weight[i] > populated)
        least = std::min(least, 1 + h * (f[k][i + stride] - f[k][i]) / grid_.axis(k).spacing());
  }
  return least;
}

std::size_t DriftPush::memory() const {
  const std::size_t fields = 8 + (is_static_ ? lengths_kept : 1) + 1;
  return fields * grid_.size() * grid_.dimension() * sizeof(double);
}

}  // namespace umkehr
