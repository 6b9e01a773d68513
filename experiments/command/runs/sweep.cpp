// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/runs/sweep.hpp"

#include <omp.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <set>

#include "experiments/command/machine/interrupt.hpp"
#include "experiments/command/runs/finished_run.hpp"
#include "experiments/command/runs/plan.hpp"
#include "experiments/command/runs/run_output.hpp"
#include "experiments/command/runs/sweep_solver.hpp"
#include "experiments/tasks/solving/run_checks.hpp"
#include "experiments/text/short_number.hpp"
#include "experiments/text/table.hpp"
#include "grids/failure.hpp"
#include "grids/machine/team.hpp"

namespace umkehr {
namespace {

constexpr double doubtful = 5;   // of an estimate before a run
constexpr double a_check = 1e6;  // nanoseconds, of one run

double runs_at_once(const Sweep& sweep) {
  return std::min(static_cast<double>(std::max(omp_get_max_threads(), 1)),
                  static_cast<double>(sweep.experiments.size()));
}

/// Every run, before any starts.
void check_runs(const Sweep& sweep) {
  share(sweep.experiments.size(), a_check, [&](std::size_t run) {
    try {
      check_tasks(sweep.experiments[run]);
    } catch (const ExperimentError& wrong) {
      throw ExperimentError(wrong.what() + std::string(" (in the run with ") + sweep.values_of(run) + ")");
    } catch (const NumericalFailure& wrong) {
      throw NumericalFailure(wrong.what() + std::string(" (in the run with ") + sweep.values_of(run) + ")");
    }
  });
}

void check_time_of_all(const Sweep& sweep, std::optional<double> max_seconds) {
  if (const double seconds = seconds_of(sweep); max_seconds && seconds > doubtful * *max_seconds)
    throw NumericalFailure(std::to_string(sweep.experiments.size()) + " runs would take about " +
                           error_number(seconds) + " s, more than --max-seconds " +
                           short_number(*max_seconds));
}

void warn_of_all(const Run& run) {
  for (const Group& group : run.result.groups)
    for (const std::string& warning : group.warnings) warn(group.name + ": " + warning);
}

/// Prints what would be done.
void show_plan_of_all(const Sweep& sweep, const std::filesystem::path& output, bool json) {
  const Plan plan{sweep.experiments.front(), output, sweep.text, memory_of(sweep), seconds_of(sweep), &sweep};
  if (json)
    std::cout << plan_json(plan) << "\n";
  else
    print_plan(plan, std::cout);
}

int solve_and_write_all(SweptRun& solved, const Sweep& sweep, const RunOptions& options, Budget& budget,
                        std::chrono::steady_clock::time_point start) {
  std::optional<Rescue> rescue;
  if (options.keep_going) rescue.emplace([&] { return solved.rescue(); });
  try {
    SweepSolver(sweep, solved, budget, options.keep_going, options.quiet).solve_all();
    stop_if_interrupted();
  } catch (const Interrupted& signal) {
    if (options.keep_going) say_when_interrupted(solved.rescue());
    throw Interrupted(signal.number());
  }
  budget.done();
  SolvedRun& whole = solved.whole();
  warn_of_all(whole.run());
  if (sweep.experiments.front().has_process && sweep.experiments.front().grid.has_grid() &&
      sweep.experiments.front().grid.dimension() > 1)
    note("a sweep has no .xdmf for ParaView, which knows no swept keys; single runs have one");
  return write_and_print(whole, options, start);
}

}  // namespace

double memory_of(const Sweep& sweep) {
  double running = 0, kept = 0, program = 0;
  for (const Experiment& experiment : sweep.experiments) {
    const MemoryNeed need = memory_need(experiment);
    program = need.program;
    running = std::max(running, need.running + need.kept);
    kept += need.kept;
  }
  return program + runs_at_once(sweep) * running + kept;
}

double seconds_of(const Sweep& sweep) {
  double seconds = 0;
  for (std::size_t run = 0; run < sweep.experiments.size(); ++run)
    for (const std::size_t task : tasks_to_solve(sweep, run))
      seconds += sweep.experiments[run].tasks[task]->cost(sweep.experiments[run]).seconds;
  return seconds / runs_at_once(sweep);
}

int run_sweep(const Sweep& sweep, const RunOptions& options, const std::filesystem::path& output,
              Budget& budget, std::chrono::steady_clock::time_point start) {
  for (const Experiment& experiment : sweep.experiments) check_inputs_stay(output, options, experiment);
  std::set<std::string> told;
  for (const Experiment& experiment : sweep.experiments)
    for (const std::string& warning : experiment.warnings)
      if (told.insert(warning).second) warn(warning);
  if (options.dry_run) show_plan_of_all(sweep, output, options.json);
  check_memory(memory_of(sweep));
  check_runs(sweep);
  check_time_of_all(sweep, options.max_seconds);
  if (options.dry_run) return 0;
  check_output(output, sweep.experiments.front());
  SweptRun solved(sweep, output);
  return solve_and_write_all(solved, sweep, options, budget, start);
}

}  // namespace umkehr
