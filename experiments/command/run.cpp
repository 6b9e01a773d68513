// SPDX-License-Identifier: GPL-3.0-or-later
#include <cerrno>
#include <chrono>
#include <iostream>
#include <new>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "experiments/command/budget.hpp"
#include "experiments/command/machine/exit_code.hpp"
#include "experiments/command/machine/interrupt.hpp"
#include "experiments/command/machine/processors.hpp"
#include "experiments/command/machine/progress.hpp"
#include "experiments/command/plan.hpp"
#include "experiments/command/run_output.hpp"
#include "experiments/command/solved_run.hpp"
#include "experiments/command/summary.hpp"
#include "experiments/command/verbs.hpp"
#include "experiments/output/disk/free_memory.hpp"
#include "experiments/output/value_check.hpp"
#include "experiments/tasks/experiment.hpp"
#include "experiments/tasks/run_checks.hpp"
#include "experiments/text/printable.hpp"
#include "experiments/text/short_number.hpp"
#include "grids/machine/team.hpp"
#include "solver/bridge/schroedinger_system.hpp"
#include "solver/spectrum/eigen/eigen_solver.hpp"

namespace umkehr {
namespace {

constexpr double doubt = 5;  // of an estimate before a run

using Clock = std::chrono::steady_clock;

void warn(const std::string& warning) {
  std::cerr << "umkehr: warning: " << printable(warning, true) << "\n";
}

void note(const std::string& remark) {
  std::cerr << "umkehr: note: " << remark << "\n";
}

void check_memory(const Experiment& experiment) {
  const double needed = memory_of(experiment);
  const std::optional<double> free = free_memory();
  if (free && needed > *free)
    throw OutOfMemory("the run would take about " + size_text(needed) + " of memory, but only " +
                      size_text(*free) + " are free; take fewer points or save fewer times");
}

/// A run that is sure to be too long is better refused before it begins.
void check_time(const Experiment& experiment, std::optional<double> most_seconds) {
  if (!most_seconds) return;
  for (const auto& task : experiment.tasks) {
    const TaskCost cost = task->cost(experiment);
    if (cost.seconds > doubt * *most_seconds)
      throw StepFailure("task \"" + task->name + "\": would take about " + error_number(cost.seconds) +
                        " s, more than --max-seconds " + short_number(*most_seconds) +
                        (cost.driver.empty() ? "" : "; what drives it: " + cost.driver));
  }
}

SolvedTask solve(const Experiment& experiment, const Task& task, Replays& replays, Budget& budget,
                 bool quiet) {
  ProgressBar bar(task.name, !quiet);
  budget.begin(task.name, task.cost(experiment).driver);
  const auto progress = [&](double fraction) {
    stop_if_interrupted();
    budget.see(fraction);
    bar.show(fraction);
  };
  const std::string place = "task \"" + task.name + "\": ";
  try {
    return checked(experiment, task, task.solve(experiment, replays, progress));
  } catch (const StepFailure& failure) {
    throw StepFailure(place + failure.what());
  } catch (const NotConverged& failure) {
    throw StepFailure(place + failure.what());
  } catch (const EigenFailure& failure) {
    throw StepFailure(place + failure.what());
  } catch (const WrongValue& failure) {
    throw StepFailure(place + failure.what());
  } catch (const std::logic_error& wrong) {  // choices that do not fit the problem, a law that is none here
    throw ExperimentError(place + wrong.what());
  }
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
    throw StepFailure("task \"" + task.name + "\": needs \"" + task.of + "\", which failed");
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
    } catch (const StepFailure& failure) {
      note_failure(solved, experiment, task, failure, options.keep_going);
    } catch (const ExperimentError& error) {
      note_failure(solved, experiment, task, error, options.keep_going);
    } catch (const std::bad_alloc&) {
      if (!options.keep_going) throw;
      note_failure(solved, experiment, task, OutOfMemory("out of memory"), true);
    }
  }
}

/// All but the end of what a run prints: that comes when the result is in its place, and what comes before shows whether
/// it can be printed at all.
std::string print_result(const Run& run, const RunOptions& options) {
  if (options.json)
    std::cout << summary_json(run);
  else if (!options.quiet)
    print_summary(run, std::cout);
  std::cout.flush();
  if (!std::cout)
    throw std::system_error(EIO, std::generic_category(),
                            "standard output could not be written, so the result was not either");
  return options.json ? "\n" : options.quiet ? "" : written_line(run) + "\n";
}

int write_and_print(SolvedRun& solved, const RunOptions& options, Clock::time_point start) {
  if (solved.run().tasks.empty()) throw StepFailure("no task was solved; nothing was written");
  solved.prepare(start);
  const std::string end = print_result(solved.run(), options);
  solved.commit();
  std::cout << end;
  return solved.run().result.failed.empty() ? exit_code::done : exit_code::numerical_failure;
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
  if (json)
    std::cout << plan_json(experiment, output) << "\n";
  else
    print_plan(experiment, output, std::cout);
}

}  // namespace

int run(const RunOptions& options) {
  const Clock::time_point start = Clock::now();
  Budget budget(options.most_seconds);
  if (const auto fewer = choose_threads(options.threads)) note(*fewer);
  const std::filesystem::path output = output_of(options);
  const Experiment experiment = read_experiment(options.experiment, options.settings);
  check_inputs_stay(output, options, experiment);
  for (const std::string& warning : experiment.warnings) warn(warning);
  if (options.dry_run) show_plan(experiment, output, options.json);
  check_memory(experiment);
  check_tasks(experiment);
  check_time(experiment, options.most_seconds);
  if (options.dry_run) return exit_code::done;

  check_output(output, experiment);
  SolvedRun solved(experiment, output);
  return solve_and_write(solved, experiment, options, budget, start);
}

}  // namespace umkehr
