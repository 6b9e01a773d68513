// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/time_jumps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace umkehr {
namespace {

constexpr int samples = 4096;

bool holds(const Formula& condition, double t) {
  return condition({}, t) != 0;
}

/// Two adjacent numbers between which the condition changes, as it does between the two given.
TimeJump bisected(const Formula& condition, double before, double after) {
  const bool first = holds(condition, before);
  while (std::nextafter(before, after) < after) {
    const double middle = before + 0.5 * (after - before);
    (holds(condition, middle) == first ? before : after) = middle;
  }
  return {before, after};
}

}  // namespace

std::vector<Formula> conditions_in_time(const Process& process) {
  std::vector<Formula> conditions;
  const auto add = [&](const Coefficient& coefficient) {
    if (!coefficient.formula()) return;
    for (const Formula& condition : coefficient.formula()->conditions_in_time())
      conditions.push_back(condition);
  };
  for (const Coefficient& drift : process.drift) add(drift);
  for (const Coefficient& diffusion : process.diffusion) add(diffusion);
  add(process.killing);
  return conditions;
}

// The times sampled grow by the changes already found: a short pulse |t - s| < width holds at s, where |t - s|, a
// condition that stands before it, changes.
std::vector<TimeJump> time_jumps(std::span<const Formula> conditions, double start, double stop) {
  std::vector<TimeJump> jumps;
  if (conditions.empty() || !(start < stop)) return jumps;
  std::vector<double> times;
  for (int n = 0; n <= samples; ++n)
    times.push_back(n == samples ? stop : start + (stop - start) * n / samples);
  for (const Formula& condition : conditions) {
    std::vector<TimeJump> found;
    for (std::size_t n = 1; n < times.size(); ++n)
      if (times[n - 1] < times[n] && holds(condition, times[n - 1]) != holds(condition, times[n]))
        found.push_back(bisected(condition, times[n - 1], times[n]));
    for (const TimeJump& jump : found) times.insert(times.end(), {jump.before, jump.after});
    std::sort(times.begin(), times.end());
    jumps.insert(jumps.end(), found.begin(), found.end());
  }
  return merged(std::move(jumps), {});
}

std::vector<TimeJump> merged(std::vector<TimeJump> jumps, const std::vector<TimeJump>& others) {
  jumps.insert(jumps.end(), others.begin(), others.end());
  std::sort(jumps.begin(), jumps.end(),
            [](const TimeJump& a, const TimeJump& b) { return a.before < b.before; });
  const auto same = [](const TimeJump& a, const TimeJump& b) { return a.before == b.before; };
  jumps.erase(std::unique(jumps.begin(), jumps.end(), same), jumps.end());
  return jumps;
}

std::vector<TimeJump> time_jumps(const Process& process, double start, double stop) {
  return time_jumps(conditions_in_time(process), start, stop);
}

std::vector<TimePiece> pieces_between(std::span<const TimeJump> jumps, double start, double stop) {
  std::vector<TimePiece> pieces;
  for (const TimeJump& jump : jumps) {
    if (start < jump.before) pieces.push_back({start, jump.before});
    start = jump.after;
  }
  if (start < stop) pieces.push_back({start, stop});
  return pieces;
}

}  // namespace umkehr
