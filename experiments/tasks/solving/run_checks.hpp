// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of tasks before they run, and of what they found.
#pragma once

#include "experiments/tasks/experiment.hpp"

namespace umkehr {

/// Whether every task can begin, before any does: a late one that cannot would take the finished ones with it. Throws
/// ExperimentError that names the task, and NumericalFailure.
void check_tasks(const Experiment& experiment);
/// Seconds of all tasks on one core, to an order of magnitude.
double seconds_of(const Experiment& experiment);
/// Bytes of the program itself, while the largest task runs, and of the results that wait to be written.
struct MemoryNeed {
  double program = 0, running = 0, kept = 0;
};
MemoryNeed memory_need(const Experiment& experiment);
/// Bytes of the program, and that the largest task of an experiment takes, beside the results of all that are kept until
/// they are written.
double memory_of(const Experiment& experiment);

/// Holds what was found against what every result is held to (value_check.hpp), and leaves out what the task's `write`
/// does not name; the screen still shows what is small of it. Throws WrongValue.
SolvedTask checked(const Experiment& experiment, const Task& task, SolvedTask solved);

}  // namespace umkehr
