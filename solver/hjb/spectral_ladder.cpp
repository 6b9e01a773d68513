// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/spectral_ladder.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace umkehr {
namespace {

constexpr std::array<double, 6> reaches = {0,   0.12, 0.25,
                                           0.4, 0.6,  1};  // beyond each wall, of an axis's length
constexpr double of_terminal = 0.1;  // of the tolerance, to which the terminal value is resolved at first
constexpr double of_coefficients =
    0.3;  // of the tolerance: what drift and killing may be wrong by, on average over an axis, in all of the run
constexpr std::size_t max_of_polynomials = 398;  // more have derivatives that rounding drowns
constexpr std::size_t max_of_waves = 1022;

/// Ascending and even.
std::vector<std::size_t> numbers_of_nodes(std::size_t dimension) {
  if (dimension == 1)
    return {30,  38,  46,  62,          78, 94, 126, 158, 190, 222, 254, 318, max_of_polynomials,
            510, 638, 798, max_of_waves};
  if (dimension == 2) return {22, 30, 38, 46, 62, 78, 94, 126};
  return {14, 18, 22, 26, 30, 38, 46, 54};
}

}  // namespace

SpectralLadder::SpectralLadder(const HjbProblem& problem)
    : problem_(problem),
      counts_(numbers_of_nodes(problem.grid.dimension())),
      rung_(problem.grid.dimension()) {
  for (std::size_t k = 0; k < rung_.size(); ++k) resolve(k);
  const bool has_walls = std::ranges::any_of(
      problem.grid.axes(), [](const Axis& axis) { return axis.boundary != Boundary::periodic; });
  while (has_walls && max_reach_ + 1 < reaches.size() && is_finite_within(max_reach_ + 1)) ++max_reach_;
}

SpectralNodes SpectralLadder::nodes() const {
  SpectralNodes nodes{{}, {}, problem_.choices.tolerance};
  for (std::size_t k = 0; k < rung_.size(); ++k) {
    nodes.axes.push_back(widened(k, reach_));
    const double wanted =
        static_cast<double>(counts_[rung_[k]]) * nodes.axes[k].length() / problem_.grid.axis(k).length();
    const auto found = std::find_if(counts_.begin(), counts_.end(), [&](std::size_t count) {
      return static_cast<double>(count) >= 0.95 * wanted || count == most(k);
    });
    nodes.counts.push_back(found == counts_.end() ? counts_.back() : *found);
  }
  return nodes;
}

bool SpectralLadder::climb() {
  const std::vector<std::size_t> before = nodes().counts;
  for (std::size_t k = 0; k < rung_.size(); ++k)
    if (counts_[rung_[k]] < most(k)) ++rung_[k];
  return nodes().counts != before;
}

bool SpectralLadder::widen() {
  if (reach_ == max_reach_) return false;
  ++reach_;
  return true;
}

bool SpectralLadder::is_bound_by_points() const {
  for (std::size_t k = 0; k < rung_.size(); ++k)
    if (rung_.size() == 1 && problem_.is_periodic(k) && most(k) < max_of_waves) return true;
  return false;
}

std::size_t SpectralLadder::most(std::size_t axis) const {
  if (rung_.size() > 1) return counts_.back();
  if (!problem_.is_periodic(axis)) return max_of_polynomials;
  const std::size_t points = problem_.grid.axis(axis).points;
  const auto above = std::upper_bound(counts_.begin(), counts_.end(), std::max(points, max_of_polynomials));
  return *(above - 1);
}

Axis SpectralLadder::widened(std::size_t axis, std::size_t reach) const {
  Axis wide = problem_.grid.axis(axis);
  if (problem_.is_periodic(axis)) return wide;
  const double by = reaches[reach] * wide.length();
  wide.from -= by;
  wide.to += by;
  return wide;
}

void SpectralLadder::resolve(std::size_t axis) {
  const double duration = problem_.stop - problem_.times.front();
  for (const LineFunction& line : problem_.lines(axis, problem_.terminal_values())) {
    const auto is_rough = [&] {
      return !(interpolation_error(problem_.grid.axis(axis), line, counts_[rung_[axis]]).largest <=
               of_terminal * problem_.choices.tolerance);
    };
    while (counts_[rung_[axis]] < most(axis) && is_rough()) ++rung_[axis];
  }
  resolve_coefficient(axis, "killing", problem_.process.killing, duration);
  for (std::size_t k = 0; k < rung_.size(); ++k)
    resolve_coefficient(axis, "drift", problem_.process.drift[k], duration / problem_.grid.axis(k).length());
}

/// `scale` times an error of f is what it does to lambda, or to a place as a share of its axis.
void SpectralLadder::resolve_coefficient(std::size_t axis, const char* name, const Coefficient& f,
                                         double scale) {
  if (!f.depends_on_axis(axis)) return;
  const double first = problem_.times.front(), stop = problem_.stop,
               max_error = of_coefficients * problem_.choices.tolerance;
  for (const double t : {first, 0.5 * (first + stop), stop})
    for (const LineFunction& line :
         problem_.lines(axis, [&f, t](const Points&x, std::span<double> out) { f(x, t, out); })) {
      const auto error = [&] {
        return scale * interpolation_error(problem_.grid.axis(axis), line, counts_[rung_[axis]]).mean;
      };
      double found = error();
      while (!(found <= max_error) && counts_[rung_[axis]] < most(axis)) {
        ++rung_[axis];
        found = error();
      }
      if (found <= max_error) continue;
      char text[300];
      std::snprintf(text, sizeof text,
                    "axis %s: %zu spectral nodes, the most that are taken, resolve the %s at t = %.6g to "
                    "%.1e only; take method finite-difference, or a smoother %s",
                    problem_.grid.axis(axis).name.c_str(), counts_[rung_[axis]], name, t, found, name);
      throw Unresolved(text);
    }
}

bool SpectralLadder::is_finite_within(std::size_t reach) const {
  std::vector<Axis> axes;
  for (std::size_t k = 0; k < rung_.size(); ++k) axes.push_back(widened(k, reach));
  return problem_.is_finite_on(axes);
}

}  // namespace umkehr
