// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/solve_task.hpp"

#include <algorithm>
#include <chrono>

#include "experiments/tasks/action_gap_group.hpp"
#include "experiments/tasks/bridge_group.hpp"
#include "experiments/tasks/cells_group.hpp"
#include "experiments/tasks/fokker_planck_group.hpp"
#include "experiments/tasks/path_group.hpp"
#include "experiments/tasks/reverse_group.hpp"
#include "experiments/tasks/value_group.hpp"
#include "experiments/text/short_number.hpp"
#include "solver/hjb/controlled_density.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/spectrum/kramers.hpp"

namespace umkehr {
namespace {

/// The solution, and the seconds that it took.
template <class Solve>
auto timed(const Solve& solve) {
  const auto start = std::chrono::steady_clock::now();
  auto solution = solve();
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  return std::pair{std::move(solution), spent.count()};
}

/// Solves one kind of task after the other; what is timed is the solution alone.
class Solver {
 public:
  Solver(const Experiment& experiment, const Task& task, Replays& replays, const Progress& progress)
      : experiment_(experiment), task_(task), name_(task.name), replays_(replays), progress_(progress) {}

  SolvedTask operator()(const FokkerPlanckTask& task) const {
    FokkerPlanckReplay* replay = nullptr;
    KolmogorovChoices choices = task.choices;
    if (is_replayed(experiment_, name_)) {
      choices.estimates_errors = choices.follows_grid = false;  // what builds on the run is held against it
      replay = &replays_[name_];
      replay->stop = experiment_.stop;
    }
    const auto [solution, seconds] = timed([&] {
      return solve_fokker_planck(experiment_.process, experiment_.grid, task.initial, experiment_.start,
                                 experiment_.times, choices, progress_, replay, wanted());
    });
    return {fokker_planck_group(name_, experiment_.grid, task.choices, solution), solution.run.steps.size(),
            solution.run.refused, seconds, solution.warnings};
  }

  SolvedTask operator()(const BackwardKolmogorovTask& task) const {
    const auto [solution, seconds] = timed([&] {
      if (!task.of.empty()) return replay_backward_kolmogorov(replays_.at(task.of), task.terminal, progress_);
      return solve_backward_kolmogorov(experiment_.process, experiment_.grid, task.terminal, experiment_.stop,
                                       experiment_.times, task.choices, progress_);
    });
    return {backward_kolmogorov_group(name_, experiment_.grid, task, solution), solution.run.steps.size(),
            solution.run.refused, seconds, solution.warnings};
  }

  SolvedTask operator()(const SpectrumTask& task) const {
    if (!task.diffusion.empty()) return over_diffusion(task);
    const auto [spectrum, seconds] = timed([&] {
      return solve_spectrum(experiment_.process, experiment_.grid, experiment_.start, task.choices);
    });
    return {spectrum_group(name_, experiment_.grid, task, spectrum), 0, 0, seconds, spectrum.warnings};
  }

  SolvedTask operator()(const HjbTask& task) const {
    const auto [solution, seconds] = timed([&] {
      if (task.initial)
        return steer(experiment_.process, experiment_.grid, task.terminal, *task.initial, experiment_.start,
                     experiment_.stop, experiment_.times, task.choices, progress_);
      return Steered{solve_hjb(experiment_.process, experiment_.grid, task.terminal, experiment_.stop,
                               experiment_.times, task.choices, progress_),
                     {}};
    });
    const HjbSolution& control = solution.control;
    return {hjb_group(name_, experiment_.grid, task, control, solution.density), control.steps,
            control.refused, seconds, control.warnings};
  }

  SolvedTask operator()(const MostProbablePathTask& task) const {
    const auto [path, seconds] = timed([&] {
      return most_probable_path(experiment_.process, task.from, task.to, experiment_.start, experiment_.stop,
                                {.points = task.points - 1, .grid = experiment_.grid});
    });
    return {most_probable_path_group(name_, experiment_.grid, path), 0, 0, seconds, path.warnings};
  }

  SolvedTask operator()(const SchroedingerBridgeTask& task) const {
    const auto [bridge, seconds] = timed([&] {
      return solve_bridge(task.reference, experiment_.grid, task.initial, task.final, experiment_.start,
                          experiment_.stop, experiment_.times, task.choices, progress_);
    });
    return {bridge_group(name_, experiment_.grid, task, bridge), bridge.iterations, 0, seconds,
            bridge.warnings};
  }

  SolvedTask operator()(const ReverseDiffusionTask& task) const {
    const auto [solution, seconds] = timed([&] {
      return reverse_diffusion(replays_.at(task.of), initial_of(task.of), experiment_.start, task.forward,
                               task.choices, progress_);
    });
    return {reverse_diffusion_group(name_, experiment_.grid, task, solution), solution.run.steps.size(),
            solution.run.refused, seconds, solution.warnings};
  }

  SolvedTask operator()(const ActionGapTask& task) const {
    const auto [gap, seconds] = timed([&] {
      return action_gap(experiment_.process, experiment_.grid, task.forward.initial, experiment_.start,
                        task.score, task.start, task.stop, {task.forward.choices, task.tolerance}, progress_);
    });
    return {action_gap_group(name_, task, gap), 0, 0, seconds, gap.warnings};
  }

  SolvedTask operator()(const CellsTask& task) const {
    const auto [solved, seconds] = timed([&] { return solve_cells_task(task, progress_); });
    return {cells_group(name_, task, solved), 0, 0, seconds, {}};
  }

 private:
  FokkerPlanckFields wanted() const {
    FokkerPlanckFields fields{task_.is_written("log_density"), false};
    for (const Axis& axis : experiment_.grid.axes())
      fields.score = fields.score || task_.is_written("score_" + axis.name);
    return fields;
  }

  const Law& initial_of(const std::string& forward) const {
    const auto task = std::find_if(experiment_.tasks.begin(), experiment_.tasks.end(),
                                   [&](const Task& earlier) { return earlier.name == forward; });
    return std::get<FokkerPlanckTask>(task->problem).initial;
  }

  /// The spectrum with each D in turn, beside Kramers' formula.
  SolvedTask over_diffusion(const SpectrumTask& task) const {
    std::vector<std::vector<double>> rates;
    const auto [spectra, seconds] = timed([&] {
      std::vector<Spectrum> all;
      for (const double diffusion : task.diffusion) {
        Process process = experiment_.process;
        std::fill(process.diffusion.begin(), process.diffusion.end(), Coefficient(diffusion));
        all.push_back(solve_spectrum(process, experiment_.grid, experiment_.start, task.choices));
        rates.push_back(kramers_rates(process, experiment_.grid, experiment_.start));
        progress_(static_cast<double>(all.size()) / static_cast<double>(task.diffusion.size()));
      }
      return all;
    });
    std::vector<std::string> warnings;
    for (std::size_t n = 0; n < spectra.size(); ++n)
      for (const std::string& warning : spectra[n].warnings)
        warnings.push_back("with D = " + short_number(task.diffusion[n]) + " " + warning);
    return {spectra_group(name_, task, spectra, rates), 0, 0, seconds, warnings};
  }

  const Experiment& experiment_;
  const Task& task_;
  const std::string& name_;
  Replays& replays_;
  const Progress& progress_;
};

}  // namespace

std::string referred_by(const Task& task) {
  return std::visit(
      [](const auto& problem) {
        if constexpr (requires { problem.of; })
          return problem.of;
        else
          return std::string();
      },
      task.problem);
}

SolvedTask solve_task(const Experiment& experiment, const Task& task, Replays& replays,
                      const Progress& progress) {
  SolvedTask solved = std::visit(Solver(experiment, task, replays, progress), task.problem);
  solved.group.warnings = solved.warnings;
  return solved;
}

void leave_out_unwritten(const Task& task, Group& group) {
  constexpr std::size_t small = 1000;
  for (Variable& variable : group.variables) {
    variable.is_written = task.is_written(variable.name);
    if (!variable.is_written && variable.values.size() > small) variable.values = {};
  }
}

}  // namespace umkehr
