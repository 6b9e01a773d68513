// SPDX-License-Identifier: GPL-3.0-or-later
// The steps of a run of particles: from its start through all saved times to its stop, none longer than dt, and ending on
// the jumps of the coefficients in t. Equal between those, or geometric towards one end, where a reversal has to follow
// a law that becomes narrow: equal in ln(v + int D dt), v the variance of the law there.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "solver/process/time_jumps.hpp"

namespace umkehr {

struct TimeSteps {
  std::vector<double> times;       ///< ascending
  std::vector<std::size_t> saved;  ///< where among them the times asked for are, ascending
};

/// Throws UnfitProblem for more than 2^31 steps.
TimeSteps equal_steps(double start, const std::vector<double>& through, const std::vector<TimeJump>& jumps,
                      double dt);
/// As many steps as equal ones have, but equal in `measure`, which ascends.
TimeSteps graded_steps(double start, const std::vector<double>& through, const std::vector<TimeJump>& jumps,
                       double dt, const std::function<double(double)>& measure);

}  // namespace umkehr
