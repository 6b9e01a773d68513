// SPDX-License-Identifier: GPL-3.0-or-later
// What a task will take, before it runs: to an order of magnitude, since adaptive steps depend on the solution.
#pragma once

#include <string>

#include "experiments/tasks/experiment.hpp"

namespace umkehr {

struct TaskCost {
  double steps = 0;    ///< in time; 0 where there are none
  double seconds = 0;  ///< on one core
  std::string driver;  ///< what the number of steps comes from; empty where there are none
};

TaskCost cost_of(const Experiment& experiment, const Task& task);
/// Seconds of all tasks.
double seconds_of(const Experiment& experiment);

}  // namespace umkehr
