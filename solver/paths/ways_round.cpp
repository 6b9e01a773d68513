// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/paths/ways_round.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "grids/failure.hpp"

namespace umkehr {
namespace {

constexpr double closed = 1e-6;    // what a drift may differ by, relative to its size
constexpr std::size_t looks = 7;   // along each other axis, and in time
constexpr int drift_steps = 4000;  // of the midpoint rule
constexpr int max_between = 4;     // ways from the shortest on that are tried without asking
constexpr std::size_t max_ways = 60;

bool is_circle(const Axis& axis) {
  return axis.boundary == Boundary::periodic;
}

double within(const Axis& axis, double x) {
  return is_circle(axis) ? x - axis.length() * std::floor((x - axis.from) / axis.length()) : x;
}

/// Points of the wall `at` of axis k.
Points wall(const Grid& grid, std::size_t k, double at) {
  std::size_t count = 1;
  for (std::size_t l = 0; l < grid.dimension(); ++l) count *= l == k ? 1 : looks;
  Points x(grid.dimension(), count);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t l = 0, rest = i; l < grid.dimension(); ++l) {
      const Axis& axis = grid.axis(l);
      x[l][i] = l == k ? at : axis.from + axis.length() * (static_cast<double>(rest % looks) + 0.5) / looks;
      if (l != k) rest /= looks;
    }
  return x;
}

/// Where the drift alone leads, by whole turns.
std::vector<double> carried(const Process& process, const Grid& grid, const PathEnds& ends) {
  std::vector<double> x = ends.from;
  const double h = (ends.stop - ends.start) / drift_steps;
  const auto velocity = [&](const std::vector<double>& at, double t) {
    std::vector<double> inside(at.size()), v;
    for (std::size_t k = 0; k < at.size(); ++k) inside[k] = within(grid.axis(k), at[k]);
    for (const Coefficient& f : process.drift) v.push_back(f(inside, t));
    return v;
  };
  const auto moved = [](std::vector<double> at, const std::vector<double>& v, double by) {
    for (std::size_t k = 0; k < at.size(); ++k) at[k] += by * v[k];
    return at;
  };
  for (int n = 0; n < drift_steps; ++n) {
    const double t = ends.start + h * n;
    x = moved(x, velocity(moved(x, velocity(x, t), 0.5 * h), t + 0.5 * h), h);
  }
  return x;
}

}  // namespace

void check_seams(const Process& process, const Grid& grid, double start, double stop) {
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    if (!is_circle(axis)) continue;
    const Points low = wall(grid, k, axis.from), high = wall(grid, k, axis.to);
    std::vector<double> left(low.count()), right(low.count());
    for (std::size_t n = 0; n < looks; ++n)
      for (const Coefficient& drift : process.drift) {
        const double t = start + (stop - start) * (static_cast<double>(n) + 0.5) / looks;
        drift(low, t, left);
        drift(high, t, right);
        for (std::size_t i = 0; i < left.size(); ++i) {
          if (std::abs(left[i] - right[i]) <= closed * (1 + std::abs(left[i]) + std::abs(right[i]))) continue;
          std::ostringstream text;
          text << "the drift jumps from " << right[i] << " to " << left[i] << " where the periodic axis "
               << axis.name
               << " closes, and its divergence, which the action holds, is infinite there; give a "
               << "drift of the axis's period, or another boundary";
          throw UnfitProblem(text.str());
        }
      }
  }
}

WaysRound::WaysRound(const Process& process, const PathEnds& ends, const std::optional<Grid>& grid)
    : ends_(ends), period_(ends.from.size(), 0.0) {
  add(Turns(period_.size(), 0));
  if (!grid) return;
  for (std::size_t k = 0; k < period_.size(); ++k)
    if (is_circle(grid->axis(k))) period_[k] = grid->axis(k).length();
  if (std::all_of(period_.begin(), period_.end(), [](double length) { return length == 0; })) return;
  const std::vector<double> end = carried(process, *grid, ends);
  Turns with_drift(period_.size(), 0);
  for (std::size_t k = 0; k < period_.size(); ++k) {
    if (period_[k] == 0 || !std::isfinite(end[k])) continue;
    with_drift[k] = static_cast<int>(std::round((end[k] - ends.to[k]) / period_[k]));
    const int last = std::clamp(with_drift[k], -max_between, max_between);
    for (int n = 0; n != last; n += last > 0 ? 1 : -1) {
      Turns between(period_.size(), 0);
      between[k] = n;
      add(between);
    }
  }
  add(with_drift);
  add_neighbours(Turns(period_.size(), 0));
  add_neighbours(with_drift);
}

PathEnds WaysRound::ends_of(const Turns& turns) const {
  PathEnds ends = ends_;
  for (std::size_t k = 0; k < turns.size(); ++k) ends.to[k] += turns[k] * period_[k];
  return ends;
}

bool WaysRound::is_known(const Turns& turns) const {
  return std::find(all_.begin(), all_.end(), turns) != all_.end();
}

void WaysRound::add(const Turns& turns) {
  if (!is_known(turns) && all_.size() < max_ways) all_.push_back(turns);
}

void WaysRound::add_neighbours(const Turns& turns) {
  for (std::size_t k = 0; k < turns.size(); ++k)
    for (const int by : {-1, 1}) {
      Turns other = turns;
      other[k] += period_[k] > 0 ? by : 0;
      add(other);
    }
}

std::optional<PathEnds> WaysRound::next() {
  if (actions_.size() == all_.size()) {
    const auto best = std::min_element(actions_.begin(), actions_.end());
    add_neighbours(all_[static_cast<std::size_t>(best - actions_.begin())]);
  }
  if (actions_.size() == all_.size()) return std::nullopt;
  return ends_of(all_[actions_.size()]);
}

void WaysRound::tell(double action) {
  actions_.push_back(action);
}

}  // namespace umkehr
