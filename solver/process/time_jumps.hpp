// SPDX-License-Identifier: GPL-3.0-or-later
// The times at which coefficients change their branch, found from their own conditions on t: integrators and closed
// forms end a step on each of them, so that no step ever sees two branches.
#pragma once

#include <span>
#include <vector>

#include "solver/process/process.hpp"

namespace umkehr {

/// Two adjacent numbers: up to `before` one branch holds, from `after` on the other.
struct TimeJump {
  double before = 0, after = 0;
};

/// Every condition on t alone in drift, diffusion and killing. C++ functions show none.
std::vector<Formula> conditions_in_time(const Process& process);

/// The changes of such conditions within start < t < stop, ascending. Those of one condition are told apart if they
/// lie further from each other than a 4096th of the interval, or are those of |t - s| < width.
std::vector<TimeJump> time_jumps(std::span<const Formula> conditions, double start, double stop);
std::vector<TimeJump> time_jumps(const Process& process, double start, double stop);
/// What of an interval lies between jumps, which ascend.
struct TimePiece {
  double start = 0, stop = 0;
};
std::vector<TimePiece> pieces_between(std::span<const TimeJump> jumps, double start, double stop);
/// Both lists in one.
std::vector<TimeJump> merged(std::vector<TimeJump> jumps, const std::vector<TimeJump>& others);

}  // namespace umkehr
