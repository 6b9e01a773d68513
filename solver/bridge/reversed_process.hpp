// SPDX-License-Identifier: GPL-3.0-or-later
// Anderson's reversal (3.34, 3.35, 3.40): on the reversed clock r = start + stop - t the process
//   dx = (-F + D grad ln P) dr + sqrt(D) dW
// has the laws of dx = F dt + sqrt(D) dW in reverse order (Anderson, Stochastic Process. Appl. 12 (1982) 313). It is not
// killed: where the forward process is, it reverses what survives.
#pragma once

#include <memory>
#include <vector>

#include "grids/grid.hpp"
#include "solver/bridge/forward_law.hpp"
#include "solver/process/process.hpp"
#include "solver/process/time_jumps.hpp"

namespace umkehr {

/// Between the two clocks, so that each end of one is exactly an end of the other.
struct ReversedClock {
  double start, stop;
  double operator()(double time) const { return time == start ? stop : start + (stop - time); }
};

Process reversed_process(const Process& process, const std::shared_ptr<const ForwardLaw>& law,
                         const ReversedClock& clock);

/// Where coefficients jump, on the reversed clock. Its rounding is not the other's mirrored.
std::vector<TimeJump> reversed_jumps(const Process& process, const ReversedClock& clock);

/// What survives never meets an absorbing wall: to the reversed process it is a reflecting one.
Grid reversed_grid(const Grid& grid);

}  // namespace umkehr
