// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <iostream>
#include <optional>
#include <stdexcept>

#include "experiments/budget.hpp"
#include "experiments/exit_code.hpp"
#include "experiments/input/experiment.hpp"
#include "experiments/interrupt.hpp"
#include "experiments/memory.hpp"
#include "experiments/output/printable.hpp"
#include "experiments/output/replaced_file.hpp"
#include "experiments/output/result_file.hpp"
#include "experiments/output/table.hpp"
#include "experiments/output/value_check.hpp"
#include "experiments/plan.hpp"
#include "experiments/processors.hpp"
#include "experiments/progress.hpp"
#include "experiments/summary.hpp"
#include "experiments/tasks/solve_task.hpp"
#include "experiments/tasks/task_check.hpp"
#include "experiments/tasks/task_cost.hpp"
#include "experiments/tasks/task_kinds.hpp"
#include "experiments/unfinished.hpp"
#include "experiments/verbs.hpp"
#include "grids/team.hpp"
#include "solver/bridge/schroedinger_system.hpp"
#include "solver/spectrum/eigen_solver.hpp"

namespace umkehr {
namespace {

constexpr double doubt = 5;  // of an estimate before a run

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::filesystem::path output_of(const RunOptions& options) {
  std::filesystem::path output = options.output;
  if (output.empty()) output = std::filesystem::path(options.experiment).replace_extension(".h5");
  std::error_code ignored;
  if (output == options.experiment || std::filesystem::equivalent(output, options.experiment, ignored))
    throw UsageError("the result would replace the experiment " + options.experiment.string() +
                     "; name it with -o RESULT.h5");
  return output;
}

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

/// A file that cannot be written is better known before a long run than after it.
void check_output(const std::filesystem::path& output) {
  try {
    const ReplacedFile trial(output);
  } catch (const std::exception& error) {
    throw ResultFileError(output.string() + ": cannot be written: " + error.what());
  }
}

/// What was solved, if its values can stand.
SolvedTask checked(const Experiment& experiment, const Task& task, SolvedTask solved) {
  const auto* forward = std::get_if<FokkerPlanckTask>(&task.problem);
  const auto* mixture = forward ? std::get_if<GaussianMixture>(&forward->initial) : nullptr;
  const bool is_point = mixture && mixture->is_singular();
  for (const Variable& variable : solved.group.variables)
    if (!writes(kind_of(task), variable.name))
      throw std::logic_error("the table of tasks lacks the variable " + variable.name);
  for (std::string& warning :
       check_values(solved.group, is_point ? std::optional(experiment.start) : std::nullopt))
    solved.warnings.push_back(std::move(warning));
  return solved;
}

/// A run that is sure to be too long is better refused before it begins.
void check_time(const Experiment& experiment, std::optional<double> most_seconds) {
  if (!most_seconds) return;
  for (const Task& task : experiment.tasks) {
    const TaskCost cost = cost_of(experiment, task);
    if (cost.seconds > doubt * *most_seconds)
      throw StepFailure("task \"" + task.name + "\": would take about " + error_number(cost.seconds) +
                        " s, more than --max-seconds " + short_number(*most_seconds) +
                        (cost.driver.empty() ? "" : "; what drives it: " + cost.driver));
  }
}

SolvedTask solve(const Experiment& experiment, const Task& task, Replays& replays, Budget& budget,
                 bool quiet) {
  ProgressBar bar(task.name, !quiet);
  budget.begin(task.name, cost_of(experiment, task).driver);
  const auto progress = [&](double fraction) {
    stop_if_interrupted();
    budget.see(fraction);
    bar.show(fraction);
  };
  const std::string place = "task \"" + task.name + "\": ";
  try {
    return checked(experiment, task, solve_task(experiment, task, replays, progress));
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

void solve_into(Run& run, const Experiment& experiment, const Task& task, Replays& replays, Budget& budget,
                bool quiet) {
  SolvedTask solved = solve(experiment, task, replays, budget, quiet);
  run.tasks.push_back({solved.steps, solved.refused, solved.seconds});
  run.result.groups.push_back(std::move(solved.group));
  for (const std::string& warning : solved.warnings) warn(task.name + ": " + warning);
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
  say_when_interrupted("nothing was written");
  Budget budget(options.most_seconds);
  if (const auto fewer = choose_threads(options.threads)) note(*fewer);
  const std::filesystem::path output = output_of(options);
  const Experiment experiment = read_experiment(options.experiment, options.settings);
  for (const std::string& warning : experiment.warnings) warn(warning);
  if (options.dry_run) show_plan(experiment, output, options.json);
  check_memory(experiment);
  check_tasks(experiment);
  check_time(experiment, options.most_seconds);
  if (options.dry_run) return exit_code::done;

  check_output(output);
  Run run{{experiment.title, "umkehr " UMKEHR_VERSION, experiment.text, {}}, {}, output, 0};
  run.warnings = experiment.warnings;
  Replays replays;
  for (const Task& task : experiment.tasks) {
    stop_if_interrupted();
    solve_into(run, experiment, task, replays, budget, options.quiet);
  }
  if (team::is_short_of_threads())
    note("the system had no more threads to give; the run did with fewer, with the same results");
  stop_if_interrupted();
  budget.done();
  PreparedResult prepared(run.result, output);
  {
    const unfinished::Hold hold;
    prepared.commit();
    say_when_interrupted("the result was written to " + output.string());
  }
  prepared.flush_folder();
  run.seconds = seconds_since(start);
  if (options.json) std::cout << summary_json(run) << "\n";
  if (!options.json && !options.quiet) print_summary(run, std::cout);
  return exit_code::done;
}

}  // namespace umkehr
