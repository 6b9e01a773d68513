// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <iostream>
#include <new>
#include <optional>

#include "experiments/command/machine/exit_code.hpp"
#include "experiments/command/machine/interrupt.hpp"
#include "experiments/command/machine/processors.hpp"
#include "experiments/command/machine/progress.hpp"
#include "experiments/command/runs/budget.hpp"
#include "experiments/command/runs/finished_run.hpp"
#include "experiments/command/runs/plan.hpp"
#include "experiments/command/runs/run_output.hpp"
#include "experiments/command/runs/solved_run.hpp"
#include "experiments/command/runs/sweep.hpp"
#include "experiments/command/runs/verbs.hpp"
#include "experiments/tasks/experiment.hpp"
#include "experiments/tasks/solving/run_checks.hpp"
#include "experiments/tasks/solving/solve_checked.hpp"
#include "experiments/tasks/sweep/sweep_input.hpp"
#include "experiments/text/short_number.hpp"
#include "grids/failure.hpp"
#include "grids/machine/team.hpp"

namespace umkehr {
namespace {

constexpr double doubt = 5;  // of an estimate before a run

using Clock = std::chrono::steady_clock;

/// A run that is sure to be too long is better refused before it begins.
void check_time(const Experiment& experiment, std::optional<double> max_seconds) {
  if (!max_seconds) return;
  for (const auto& task : experiment.tasks) {
    const TaskCost cost = task->cost(experiment);
    if (cost.seconds > doubt * *max_seconds)
      throw NumericalFailure("task \"" + task->name + "\": would take about " + error_number(cost.seconds) +
                             " s, more than --max-seconds " + short_number(*max_seconds) +
                             (cost.driver.empty() ? "" : "; what drives it: " + cost.driver));
  }
}

SolvedTask solve(const Experiment& experiment, const Task& task, Replays& replays, Budget& budget,
                 bool quiet) {
  ProgressBar bar(task.name, !quiet);
  budget.begin("task \"" + task.name + "\"", task.cost(experiment).driver);
  return solve_checked(experiment, task, replays, [&](double fraction) {
    stop_if_interrupted();
    budget.see(fraction);
    bar.show(fraction);
  });
}

/// Goes on where asked to; else the error says that one may ask.
template <typename Error>
void note_failure(SolvedRun& solved, const Experiment& experiment, const Task& task, const Error& error,
                  bool keep_going) {
  const std::string what = error.what(), place = "task \"" + task.name + "\": ";
  if (!keep_going)
    throw Error(experiment.tasks.size() < 2 ? what
                                            : what +
                                                  "; nothing was written (--keep-going solves the other "
                                                  "tasks and writes what is finished)");
  std::cerr << "umkehr: " << printable(what, true) << "; going on\n";
  solved.fail(task.name, what.starts_with(place) ? what.substr(place.size()) : what);
}

void solve_into(SolvedRun& solved, const Experiment& experiment, const Task& task, Replays& replays,
                Budget& budget, bool quiet) {
  if (solved.has_failed(task.of))
    throw NumericalFailure("task \"" + task.name + "\": needs \"" + task.of + "\", which failed");
  SolvedTask done = solve(experiment, task, replays, budget, quiet);
  for (const std::string& warning : done.warnings) warn(task.name + ": " + warning);
  solved.add(done, std::move(done.group));
}

void solve_all(SolvedRun& solved, const Experiment& experiment, const RunOptions& options, Budget& budget) {
  Replays replays;
  for (const auto& each : experiment.tasks) {
    const Task& task = *each;
    stop_if_interrupted();
    try {
      solve_into(solved, experiment, task, replays, budget, options.quiet);
    } catch (const NumericalFailure& failure) {
      note_failure(solved, experiment, task, failure, options.keep_going);
    } catch (const ExperimentError& error) {
      note_failure(solved, experiment, task, error, options.keep_going);
    } catch (const std::bad_alloc&) {
      if (!options.keep_going) throw;
      note_failure(solved, experiment, task, OutOfMemory("out of memory"), true);
    }
  }
}

int solve_and_write(SolvedRun& solved, const Experiment& experiment, const RunOptions& options,
                    Budget& budget, Clock::time_point start) {
  std::optional<Rescue> rescue;
  if (options.keep_going) rescue.emplace([&] { return solved.rescue(); });
  try {
    solve_all(solved, experiment, options, budget);
    stop_if_interrupted();
  } catch (const Interrupted& signal) {
    if (options.keep_going) say_when_interrupted(solved.rescue());
    throw Interrupted(signal.number());
  }
  budget.done();
  if (team::is_short_of_threads())
    note("the system had no more threads to give; the run did with fewer, with the same results");
  return write_and_print(solved, options, start);
}

/// Prints what would be done.
void show_plan(const Experiment& experiment, const std::filesystem::path& output, bool json) {
  const Plan plan{experiment, output, experiment.text, memory_of(experiment), seconds_of(experiment)};
  if (json)
    std::cout << plan_json(plan) << "\n";
  else
    print_plan(plan, std::cout);
}

}  // namespace

int run(const RunOptions& options) {
  const Clock::time_point start = Clock::now();
  Budget budget(options.max_seconds);
  if (const auto fewer = choose_threads(options.threads)) note(*fewer);
  const std::filesystem::path output = output_of(options);
  const Sweep sweep = read_sweep(options.experiment, options.settings, options.sweeps);
  if (sweep.is_swept()) return run_sweep(sweep, options, output, budget, start);
  const Experiment& experiment = sweep.experiments.front();
  check_inputs_stay(output, options, experiment);
  for (const std::string& warning : experiment.warnings) warn(warning);
  if (options.dry_run) show_plan(experiment, output, options.json);
  check_memory(memory_of(experiment));
  check_tasks(experiment);
  check_time(experiment, options.max_seconds);
  if (options.dry_run) return exit_code::done;

  check_output(output, experiment);
  SolvedRun solved(experiment, output);
  return solve_and_write(solved, experiment, options, budget, start);
}

}  // namespace umkehr
