// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/runs/sweep_solver.hpp"

#include <omp.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <new>
#include <system_error>
#include <thread>

#include "experiments/command/machine/exit_code.hpp"
#include "experiments/command/machine/interrupt.hpp"
#include "experiments/command/runs/finished_run.hpp"
#include "experiments/tasks/solving/solve_checked.hpp"
#include "experiments/text/printable.hpp"
#include "grids/failure.hpp"
#include "grids/machine/arithmetic_mode.hpp"

namespace umkehr {
namespace {

constexpr double min_weight = 1e-6;  // seconds

double weight_of(const Experiment& experiment, std::size_t task) {
  return std::max(experiment.tasks[task]->cost(experiment).seconds, min_weight);
}

/// The number of the task that one is `of`; none for the number of tasks.
std::size_t task_before(const Experiment& experiment, std::size_t task) {
  const std::string& name = experiment.tasks[task]->of;
  const auto found = std::find_if(experiment.tasks.begin(), experiment.tasks.end(),
                                  [&](const auto& one) { return one->name == name; });
  return static_cast<std::size_t>(found - experiment.tasks.begin());
}

/// One thread for all that its work shares, and the others' arithmetic.
class WorksAlone {
 public:
  WorksAlone() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~WorksAlone() { omp_set_num_threads(before_); }
  WorksAlone(const WorksAlone&) = delete;
  WorksAlone& operator=(const WorksAlone&) = delete;

 private:
  int before_;
};

}  // namespace

std::vector<std::size_t> tasks_to_solve(const Sweep& sweep, std::size_t run) {
  const Experiment& experiment = sweep.experiments[run];
  std::vector<bool> is_needed(experiment.tasks.size());
  for (std::size_t n = experiment.tasks.size(); n-- > 0;) {
    if (sweep.first_alike[run][n] == run) is_needed[n] = true;
    const std::size_t before = task_before(experiment, n);
    if (!is_needed[n] || before >= n) continue;
    const ForwardRun* forward = experiment.tasks[before]->forward.get();
    if (forward && forward->is_replayed) is_needed[before] = true;
  }
  std::vector<std::size_t> tasks;
  for (std::size_t n = 0; n < is_needed.size(); ++n)
    if (is_needed[n]) tasks.push_back(n);
  return tasks;
}

SweepSolver::SweepSolver(const Sweep& sweep, SweptRun& solved, Budget& budget, bool keeps_going,
                         bool is_quiet)
    : sweep_(sweep),
      solved_(solved),
      budget_(budget),
      keeps_going_(keeps_going),
      bar_(std::to_string(sweep.experiments.size()) + " runs", !is_quiet) {
  for (std::size_t run = 0; run < sweep.experiments.size(); ++run) {
    const std::vector<std::size_t> tasks = tasks_to_solve(sweep, run);
    if (!tasks.empty()) runs_.push_back(run);
    for (const std::size_t task : tasks) all_ += weight_of(sweep.experiments[run], task);
  }
}

void SweepSolver::solve_all() {
  const std::size_t threads =
      std::min(static_cast<std::size_t>(std::max(omp_get_max_threads(), 1)), runs_.size());
  budget_.begin(std::to_string(sweep_.experiments.size()) + " runs", "");
  if (threads > 1)
    work_on_threads(threads);
  else
    work();
  if (failure_) std::rethrow_exception(failure_);
}

/// Where fewer threads can be had, fewer do the work.
void SweepSolver::work_on_threads(std::size_t count) {
  const WorksAlone alone;
  const ArithmeticMode mode = ArithmeticMode::of_this_thread();
  std::vector<std::jthread> others;
  sigset_t all, before;  // signals are for the thread that watches
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    while (others.size() + 1 < count)
      others.emplace_back([this, mode] {
        const WorksAlone also_alone;
        mode.set();
        work();
      });
  } catch (const std::system_error&) {
    note("the system had no more threads to give; the sweep did with fewer, with the same results");
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  work();
}

void SweepSolver::work() {
  for (std::size_t n = next_++; n < runs_.size() && !is_stopped_; n = next_++) {
    try {
      solve_run(runs_[n]);
    } catch (const Cancelled&) {
      return;
    } catch (...) {
      stop_with(runs_[n], std::current_exception());
    }
  }
}

void SweepSolver::stop_with(std::size_t run, std::exception_ptr failure) {
  const std::lock_guard lock(mutex_);
  is_stopped_ = true;
  if (failure_ && first_failed_ < run) return;
  first_failed_ = run;
  failure_ = std::move(failure);
}

void SweepSolver::see(double& seen, double weight, double fraction) {
  stop_if_interrupted();
  if (is_stopped_) throw Cancelled{};
  const std::lock_guard lock(mutex_);
  if (fraction <= seen) return;
  done_ += weight * (fraction - seen);
  seen = fraction;
  const double of_all = std::min(done_ / all_, 1.0);
  budget_.see(of_all);
  bar_.show(of_all);
}

void SweepSolver::solve_run(std::size_t run) {
  Replays replays;
  std::set<std::size_t> failed;
  for (const std::size_t task : tasks_to_solve(sweep_, run)) {
    const std::string place = "task \"" + sweep_.experiments[run].tasks[task]->name + "\": ";
    try {
      check_task_before(run, task, failed);
      solve_one(run, task, replays);
      continue;
    } catch (const NumericalFailure& failure) {
      note_failure<NumericalFailure>(run, task, failure.what());
    } catch (const ExperimentError& wrong) {
      note_failure<ExperimentError>(run, task, wrong.what());
    } catch (const ShapeChanged& changed) {
      note_failure<ExperimentError>(run, task, place + changed.what());
    } catch (const std::bad_alloc&) {
      note_failure<OutOfMemory>(run, task, place + "out of memory");
    }
    failed.insert(task);
  }
}

void SweepSolver::check_task_before(std::size_t run, std::size_t task,
                                    const std::set<std::size_t>& failed) const {
  const Experiment& experiment = sweep_.experiments[run];
  const std::size_t before = task_before(experiment, task);
  if (before < task && (failed.contains(before) || solved_.has_failed(run, before)))
    throw NumericalFailure("task \"" + experiment.tasks[task]->name + "\": needs \"" +
                           experiment.tasks[before]->name + "\", which failed");
}

void SweepSolver::solve_one(std::size_t run, std::size_t task, Replays& replays) {
  const Experiment& experiment = sweep_.experiments[run];
  const double weight = weight_of(experiment, task);
  double seen = 0;
  const auto progress = [&](double fraction) { see(seen, weight, fraction); };
  SolvedTask done = solve_checked(experiment, *experiment.tasks[task], replays, progress);
  if (sweep_.first_alike[run][task] == run) solved_.add(run, task, std::move(done));
  progress(1);
}

template <class Error>
void SweepSolver::note_failure(std::size_t run, std::size_t task, const std::string& what) {
  const std::string where = solved_.where(run, task);
  if (!keeps_going_)
    throw Error(where + what +
                "; nothing was written (--keep-going solves the other runs and writes what is finished)");
  const std::string place = "task \"" + sweep_.experiments[run].tasks[task]->name + "\": ";
  std::cerr << "umkehr: " + printable(where + what, true) + "; going on\n";
  if (sweep_.first_alike[run][task] != run) return;
  solved_.fail(run, task, what.starts_with(place) ? what.substr(place.size()) : what);
}

}  // namespace umkehr
