// SPDX-License-Identifier: GPL-3.0-or-later
// Anderson's reversal (3.34, 3.35, 3.40): on the reversed clock r = start + stop - t the process
//   dx = (-F + D grad ln P) dr + sqrt(D) dW
// has the laws of dx = F dt + sqrt(D) dW in reverse order (Anderson, Stochastic Process. Appl. 12 (1982) 313); without F it
// is (4.18), whose printed sign is that of a clock that runs down. It is not killed: where the forward process is, it
// reverses what survives.
#pragma once

#include <memory>
#include <vector>

#include "grids/grid.hpp"
#include "solver/process/process.hpp"
#include "solver/process/reversed_clock.hpp"
#include "solver/score/forward_law.hpp"

namespace umkehr {

Process reversed_process(const Process& process, const std::shared_ptr<const ForwardLaw>& law,
                         const ReversedClock& clock);

/// What survives never meets an absorbing wall: to the reversed process it is a reflecting one.
Grid reversed_grid(const Grid& grid);

}  // namespace umkehr
