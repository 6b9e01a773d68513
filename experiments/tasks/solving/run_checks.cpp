// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/solving/run_checks.hpp"

#include <algorithm>

#include "experiments/output/value_check.hpp"
#include "grids/failure.hpp"

namespace umkehr {
namespace {

constexpr double program = 24 << 20;  // bytes of the command itself with its libraries, as measured

/// The time at which the density is a point, if there is one.
std::optional<double> time_of_point(const Experiment& experiment, const Task& task) {
  const auto* mixture = task.forward ? std::get_if<GaussianMixture>(&task.forward->initial) : nullptr;
  return mixture && mixture->is_singular() ? std::optional(experiment.start) : std::nullopt;
}

void leave_out_unwritten(const Task& task, Group& group) {
  constexpr std::size_t small = 1000;
  for (Variable& variable : group.variables) {
    variable.is_written = task.is_written(variable.name);
    if (!variable.is_written && variable.values.size() > small) variable.values = {};
  }
}

}  // namespace

void check_tasks(const Experiment& experiment) {
  for (const auto& task : experiment.tasks) try {
      task->check(experiment);
    } catch (const UnfitProblem& wrong) {
      throw ExperimentError(task->place + ": task \"" + task->name + "\": " + wrong.what());
    }
}

double seconds_of(const Experiment& experiment) {
  double seconds = 0;
  for (const auto& task : experiment.tasks) seconds += task->cost(experiment).seconds;
  return seconds;
}

MemoryNeed memory_need(const Experiment& experiment) {
  MemoryNeed all{program, 0, 0};
  for (const auto& task : experiment.tasks) {
    const TaskMemory needed = task->memory(experiment);
    all.running = std::max(all.running, needed.running);
    all.kept += needed.kept;
  }
  return all;
}

double memory_of(const Experiment& experiment) {
  const MemoryNeed need = memory_need(experiment);
  return need.program + need.running + need.kept;
}

SolvedTask checked(const Experiment& experiment, const Task& task, SolvedTask solved) {
  for (std::string& warning : check_values(solved.group, time_of_point(experiment, task)))
    solved.warnings.push_back(std::move(warning));
  solved.group.warnings = solved.warnings;
  leave_out_unwritten(task, solved.group);
  return solved;
}

}  // namespace umkehr
