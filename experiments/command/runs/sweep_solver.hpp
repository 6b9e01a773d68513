// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <exception>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "experiments/command/machine/progress.hpp"
#include "experiments/command/runs/budget.hpp"
#include "experiments/command/runs/swept_run.hpp"
#include "experiments/tasks/shared/task.hpp"

namespace umkehr {

/// Tasks of a run that are not alike in an earlier one, and those whose steps they replay.
std::vector<std::size_t> tasks_to_solve(const Sweep& sweep, std::size_t run);

/// Solves the runs of a sweep, on several threads at once.
class SweepSolver {
 public:
  SweepSolver(const Sweep& sweep, SweptRun& solved, Budget& budget, bool keeps_going, bool is_quiet);

  /// Throws what the first run that failed threw, after all others have stopped.
  void solve_all();

 private:
  struct Cancelled {};

  void work_on_threads(std::size_t count);
  void work();
  void solve_run(std::size_t run);
  void check_task_before(std::size_t run, std::size_t task, const std::set<std::size_t>& failed) const;
  void solve_one(std::size_t run, std::size_t task, Replays& replays);
  template <class Error>
  void note_failure(std::size_t run, std::size_t task, const std::string& what);
  void stop_with(std::size_t run, std::exception_ptr failure);
  void see(double& seen, double weight, double fraction);

  const Sweep& sweep_;
  SweptRun& solved_;
  Budget& budget_;
  bool keeps_going_;
  ProgressBar bar_;
  std::vector<std::size_t> runs_;  // that have something to solve
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> is_stopped_ = false;
  std::mutex mutex_;
  double done_ = 0, all_ = 0;  // in estimated seconds
  std::size_t first_failed_ = 0;
  std::exception_ptr failure_;
};

}  // namespace umkehr
