// SPDX-License-Identifier: GPL-3.0-or-later
// Steps that adapt to a tolerance, or equal ones, from saved time to saved time.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "grids/failure.hpp"
#include "solver/process/time_jumps.hpp"
#include "solver/stepping/propagator.hpp"

namespace umkehr {

/// How steps are chosen. With `step` they are equal and only shortened to land on saved times; else each is
/// as long as keeps the sum of the estimated relative errors below `tolerance` at the end.
struct StepControl {
  double tolerance = 1e-8;
  std::optional<double> step = std::nullopt;
  const Scheme* scheme = nullptr;    ///< one of the discretisation's own, or the usual one
  std::vector<TimeJump> jumps = {};  ///< ascending; steps end before each and start after it
  std::string remedy = {};           ///< what may help where no step is short enough
};

/// Sees the state at each saved time, with its index.
using Observer = std::function<void(std::size_t n, std::span<const double> state)>;
/// Sees the fraction of the interval that is done, after each step and each refusal; may throw to stop the run.
using Progress = std::function<void(double fraction)>;

struct Marched {
  std::vector<Step> steps;  ///< the accepted ones, in ascending time
  std::size_t refused = 0;
  double error = 0;  ///< sum of their estimated relative errors; 0 with equal steps
};

/// Moves a density through ascending `times` from times.front(). Throws NumericalFailure.
Marched march_forward(Propagator& propagator, std::span<double> state, std::span<const double> times,
                      const StepControl& control, const Observer& observer, const Progress& progress = {});
/// Moves a value from times.back() down to times.front(); steps are still listed in ascending time.
Marched march_backward(Propagator& propagator, std::span<double> state, std::span<const double> times,
                       const StepControl& control, const Observer& observer, const Progress& progress = {});
/// Replays the steps of a forward run in reverse order, transposed.
void replay_backward(Propagator& propagator, std::span<double> state, std::span<const double> times,
                     std::span<const Step> steps, const Observer& observer, const Progress& progress = {});

}  // namespace umkehr
