// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "experiments/output/result.hpp"
#include "experiments/tasks/experiment.hpp"
#include "solver/kolmogorov/replay.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {

struct SolvedTask {
  Group group;
  std::size_t steps = 0, refused = 0;
  double seconds = 0;  ///< from the problem to the last field in memory
  std::vector<std::string> warnings;
};

/// The earlier task that one is `of`; empty: none.
std::string referred_by(const Task& task);

/// Forward runs that later tasks replay, by the name of their task.
using Replays = std::map<std::string, FokkerPlanckReplay>;

/// Throws std::invalid_argument for choices that do not fit, StepFailure and EigenFailure, and what `progress` throws.
SolvedTask solve_task(const Experiment& experiment, const Task& task, Replays& replays,
                      const Progress& progress);

/// What the task's `write` does not name is not written; the screen still shows what is small of it.
void leave_out_unwritten(const Task& task, Group& group);

}  // namespace umkehr
