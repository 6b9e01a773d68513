// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/solving/solve_checked.hpp"

#include <algorithm>

#include "experiments/output/value_check.hpp"
#include "experiments/tasks/solving/run_checks.hpp"
#include "grids/failure.hpp"
#include "solver/bridge/schroedinger_system.hpp"
#include "solver/score/trial_score.hpp"
#include "solver/spectrum/eigen/eigen_solver.hpp"

namespace umkehr {
namespace {

bool is_taken(const Experiment& experiment, const std::string& name) {
  return std::any_of(experiment.tasks.begin(), experiment.tasks.end(),
                     [&](const auto& task) { return task->control_of == name; });
}

/// The variables control_*, as a field between the saved times and the centres.
std::shared_ptr<const Score> control_of(const Problem& problem, const Group& group) {
  std::vector<History> components;
  for (const Axis& axis : problem.grid.axes()) {
    const std::vector<double>& values = group.find("control_" + axis.name)->values;
    History component(group.coordinate("t")->values, problem.grid.size());
    for (std::size_t n = 0; n < component.times().size(); ++n)
      std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(n * component.size()), component.size(),
                  component[n].begin());
    components.push_back(std::move(component));
  }
  return std::make_shared<TrialScore>(TrialScore::of_field(problem.grid, std::move(components)));
}

}  // namespace

SolvedTask solve_checked(const Experiment& experiment, const Task& task, Replays& replays,
                         const Progress& progress) {
  const std::string place = "task \"" + task.name + "\": ";
  try {
    SolvedTask solved = checked(experiment, task, task.solve(experiment, replays, progress));
    if (is_taken(experiment, task.name)) replays.controls[task.name] = control_of(experiment, solved.group);
    return solved;
  } catch (const NumericalFailure& failure) {
    throw NumericalFailure(place + failure.what());
  } catch (const UnfitProblem& wrong) {  // choices that do not fit the problem, a law that is none here
    throw ExperimentError(place + wrong.what());
  }
}

}  // namespace umkehr
