// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/task_check.hpp"

#include <algorithm>
#include <stdexcept>

#include "solver/bridge/bridge_check.hpp"
#include "solver/kolmogorov/narrow_feature.hpp"
#include "solver/kolmogorov/setup_check.hpp"
#include "solver/paths/most_probable_path.hpp"
#include "solver/spectrum/spectrum_check.hpp"

namespace umkehr {
namespace {

class Check {
 public:
  explicit Check(const Experiment& experiment) : experiment_(experiment) {}

  void operator()(const FokkerPlanckTask& task) const {
    check_setup(experiment_.process, experiment_.grid, task.initial, experiment_.start, experiment_.stop,
                task.choices);
  }

  void operator()(const BackwardKolmogorovTask& task) const {
    check_setup(experiment_.process, experiment_.grid, task.terminal, experiment_.start, experiment_.stop,
                task.choices);
  }

  void operator()(const SpectrumTask& task) const {
    Process process = experiment_.process;
    if (!task.diffusion.empty())
      std::fill(process.diffusion.begin(), process.diffusion.end(), Coefficient(task.diffusion.front()));
    check_spectrum(process, experiment_.grid, experiment_.start, task.choices);
    check_features(process);
  }

  /// Slopes take six points.
  void operator()(const HjbTask& task) const {
    for (const Axis& axis : experiment_.grid.axes())
      if (axis.points < 6)
        throw std::invalid_argument("axis " + axis.name + ": " + std::to_string(axis.points) +
                                    " points; slopes need at least 6");
    check_features(experiment_.process);
    require_wide_features(task.terminal, experiment_.grid, experiment_.stop);
    if (!task.initial) return;
    require_wide_features(*task.initial, experiment_.grid);
    std::vector<double> means(experiment_.grid.size());
    cell_means(*task.initial, experiment_.grid, means);
  }

  void operator()(const MostProbablePathTask& task) const {
    check_most_probable_path(experiment_.process, task.from, task.to, experiment_.start, experiment_.stop,
                             {.points = task.points - 1, .grid = experiment_.grid});
  }

  void operator()(const SchroedingerBridgeTask& task) const {
    check_bridge(task.reference, experiment_.grid, task.initial, task.final, experiment_.start,
                 experiment_.stop, experiment_.times, task.choices);
    check_features(task.reference);
    require_wide_features(task.initial, experiment_.grid);
    require_wide_features(task.final, experiment_.grid);
  }

  // The process was looked at for the task that these two refer to.
  void operator()(const ReverseDiffusionTask& task) const {
    if (!task.choices.initial) return;
    require_wide_features(*task.choices.initial, experiment_.grid);
    std::vector<double> values(experiment_.grid.size());
    density_at(*task.choices.initial, experiment_.grid, experiment_.grid.centres(), values);
  }

  void operator()(const ActionGapTask& task) const {
    check_action_gap(experiment_.process, experiment_.grid, task.score, experiment_.start, task.start,
                     task.stop);
  }

  void operator()(const CellsTask&) const {}  // reading checks all

 private:
  void check_features(const Process& process) const {
    require_wide_features(process, experiment_.grid, experiment_.start, experiment_.stop);
  }

  const Experiment& experiment_;
};

}  // namespace

void check_tasks(const Experiment& experiment) {
  for (const Task& task : experiment.tasks) try {
      std::visit(Check(experiment), task.problem);
    } catch (const std::logic_error& wrong) {
      throw ExperimentError(task.place + ": task \"" + task.name + "\": " + wrong.what());
    }
}

}  // namespace umkehr
