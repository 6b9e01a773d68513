// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/tasks/experiment.hpp"

namespace umkehr {

/// Whether every task can begin, before any does: a late one that cannot would take the finished ones with it. Throws
/// ExperimentError that names the task, and StepFailure.
void check_tasks(const Experiment& experiment);

}  // namespace umkehr
