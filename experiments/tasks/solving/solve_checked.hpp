// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/tasks/experiment.hpp"

namespace umkehr {

/// What a task gives, if its values can stand. Errors name the task: NumericalFailure for numerical failures, ExperimentError
/// for choices that do not fit the problem.
SolvedTask solve_checked(const Experiment& experiment, const Task& task, Replays& replays,
                         const Progress& progress);

}  // namespace umkehr
