// SPDX-License-Identifier: GPL-3.0-or-later
// Times counted backwards, r = start + stop - t, and where coefficients jump by that count.
#pragma once

#include <cmath>
#include <utility>
#include <vector>

#include "solver/process/time_jumps.hpp"

namespace umkehr {

/// Between the two clocks, so that each end of one is exactly an end of the other.
struct ReversedClock {
  double start, stop;
  double operator()(double time) const { return time == start ? stop : start + (stop - time); }
};

/// Where what jumps in t jumps on the reversed clock. Its rounding is not the other's mirrored.
inline std::vector<TimeJump> reversed(const std::vector<TimeJump>& jumps, const ReversedClock& clock) {
  std::vector<TimeJump> out;
  for (const TimeJump& jump : jumps) {
    TimeJump found{clock.start, clock.stop};
    while (std::nextafter(found.before, found.after) < found.after) {
      const double middle = found.before + 0.5 * (found.after - found.before);
      (clock(middle) >= jump.after ? found.before : found.after) = middle;
    }
    out.push_back(found);
  }
  return merged(std::move(out), {});
}

}  // namespace umkehr
