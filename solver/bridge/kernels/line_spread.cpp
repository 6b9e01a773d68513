// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/kernels/line_spread.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "grids/failure.hpp"
#include "grids/interpolation/lagrange.hpp"
#include "grids/machine/infinity.hpp"

namespace umkehr {
namespace {

constexpr int peak_rounds = 6;  // of Newton's iteration
constexpr double plain_shift = 0.5,
                 plain_width = 0.8;  // deviations of a peak that nodes about the centre serve
constexpr double min_width = 0.25;
constexpr double max_kink = 1;  // of a mirror image at a wall, through which it is interpolated

}  // namespace

/// ln of what is odd about absorbing walls, as f is, at a place within the box.
double LineInterpolation::log_distance(double place) const {
  if (boundary_ != Boundary::absorbing) return 0;
  return std::log(std::sin(std::numbers::pi * (place + 0.5) / points_));
}

LineInterpolation::LineInterpolation(const Axis& axis, const std::vector<double>& f)
    : boundary_(axis.boundary),
      points_(static_cast<double>(f.size())),
      is_periodic_(axis.boundary == Boundary::periodic),
      around_(f.size() + 2 * interpolated_from) {
  const auto n = static_cast<std::ptrdiff_t>(f.size()), period = is_periodic_ ? n : 2 * n;
  for (std::size_t i = 0; i < around_.size(); ++i) {
    std::ptrdiff_t from = static_cast<std::ptrdiff_t>(i) - static_cast<std::ptrdiff_t>(interpolated_from);
    from = (from + 2 * period) % period;
    if (from >= n) from = period - 1 - from;
    around_[i] = f[static_cast<std::size_t>(from)] - log_distance(static_cast<double>(from));
  }
  const auto steps = [&](std::size_t i) { return std::abs(around_[i + 1] - around_[i]); };
  bends_below_ = !is_periodic_ && steps(interpolated_from) > max_kink;
  bends_above_ = !is_periodic_ && steps(interpolated_from + f.size() - 2) > max_kink;
}

/// `sign` is that of f there, which is odd about absorbing walls.
double LineInterpolation::at(double place, double& sign) const {
  const double period = is_periodic_ ? points_ : 2 * points_;
  double from_wall = place + 0.5 - period * std::floor((place + 0.5) / period);
  sign = 1;
  if (!is_periodic_ && from_wall > points_) {
    from_wall = period - from_wall;
    sign = boundary_ == Boundary::absorbing ? -1 : 1;
  }
  return inside(from_wall - 0.5);
}

double LineInterpolation::inside(double place) const {
  const double below = std::floor(place) + 1,
               above = points_ - std::floor(place) - 1;  // centres on either side
  const double cells = static_cast<double>(interpolated_from) / 2;
  const bool is_bent = (bends_below_ && below < cells) || (bends_above_ && above < cells);
  return (is_bent ? narrower(place, std::min(below, above))
                  : LineStencil(place)(around_, interpolated_from)) +
         log_distance(place);
}

/// Through `half` centres on either side, or the two nearest ones: near a wall where the mirror image has a kink.
double LineInterpolation::narrower(double place, double half) const {
  const double width = 2 * std::max(1.0, half),
               first = std::clamp(std::floor(place) + 1 - 0.5 * width, 0.0, points_ - width);
  const auto count = static_cast<std::size_t>(width);
  std::array<double, interpolated_from> weight;
  lagrange_weights(place - first, std::span(weight).first(count));
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i)
    sum += weight[i] * around_[interpolated_from + static_cast<std::size_t>(first) + i];
  return std::isfinite(sum) ? sum : around_[interpolated_from + static_cast<std::size_t>(std::lround(place))];
}

/// By a stencil that serves all cells away from the walls, `shift` cells on.
double LineInterpolation::at_stencil(const LineStencil& stencil, std::size_t shift, double place,
                                     double& sign) const {
  const double first = static_cast<double>(stencil.first) + static_cast<double>(shift);
  if (first < 0 || first + static_cast<double>(interpolated_from) > points_) return at(place, sign);
  sign = 1;
  return stencil(around_, interpolated_from, static_cast<std::ptrdiff_t>(shift)) + log_distance(place);
}

/// Where, about a centre, exp(f) N(centre, deviation^2) has its peak, and its width there. In cells; only roughly.
LineSpread::Peak LineSpread::peak_of(std::span<const double> f, std::size_t centre) const {
  const auto n = static_cast<std::ptrdiff_t>(f.size());
  const bool wraps = axis_.boundary == Boundary::periodic;
  const auto mean = static_cast<double>(centre), inverse = 1 / (deviation_ * deviation_);
  Peak peak{mean, deviation_, false};
  for (int round = 0; round < peak_rounds; ++round) {
    std::ptrdiff_t at = std::lround(peak.place);
    at = wraps ? ((at % n) + n) % n : std::clamp<std::ptrdiff_t>(at, 1, n - 2);
    const auto value = [&](std::ptrdiff_t i) { return f[static_cast<std::size_t>((i + n) % n)]; };
    const double slope = 0.5 * (value(at + 1) - value(at - 1)),
                 bend = value(at + 1) - 2 * value(at) + value(at - 1);
    if (!std::isfinite(slope) || !std::isfinite(bend)) return {mean, deviation_, true};
    const double stiffness = inverse - std::min(bend, 0.0);
    peak.place -= ((peak.place - mean) * inverse - slope) / stiffness;
    if (!wraps) peak.place = std::clamp(peak.place, -0.5, static_cast<double>(n) - 0.5);
    peak.width = std::max(min_width * deviation_, 1 / std::sqrt(stiffness));
  }
  const bool is_plain =
      std::abs(peak.place - mean) <= plain_shift * deviation_ && peak.width >= plain_width * deviation_;
  return is_plain ? Peak{mean, deviation_, true} : peak;
}

LineSpread::LineSpread(const Axis& axis, double variance)
    : axis_(axis), deviation_(std::sqrt(variance) / axis.spacing()), nodes_(NormalNodes::over(deviation_)) {
  if (axis.points < interpolated_from)
    throw UnfitProblem("axis " + axis.name + ": " + std::to_string(axis.points) +
                       " points; logarithms are interpolated from " + std::to_string(interpolated_from));
  for (const double node : nodes_.place) stencils_.emplace_back(deviation_ * node);
}

void LineSpread::operator()(std::vector<double>& f) const {
  const LineInterpolation before(axis_, f);
  std::vector<double> terms(stencils_.size()), signs(stencils_.size(), 1.0);
  for (std::size_t i = 0; i < f.size(); ++i) {
    const Peak peak = peak_of(before.smooth(), i);
    const auto mean = static_cast<double>(i);
    for (std::size_t q = 0; q < terms.size(); ++q) {
      const double node = nodes_.place[q], place = peak.place + peak.width * node,
                   away = (place - mean) / deviation_;
      terms[q] = nodes_.log_weight[q] +
                 (peak.is_plain ? before.at_stencil(stencils_[q], i, place, signs[q])
                                : before.at(place, signs[q]) + 0.5 * (node * node - away * away) +
                                      std::log(peak.width / deviation_));
    }
    const double largest = *std::max_element(terms.begin(), terms.end());
    double sum = 0;
    for (std::size_t q = 0; q < terms.size() && largest > log_zero; ++q)
      sum += signs[q] * std::exp(terms[q] - largest);
    f[i] = sum > 0 ? largest + std::log(sum) : log_zero;
  }
}

}  // namespace umkehr
