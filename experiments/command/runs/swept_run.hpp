// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "experiments/command/runs/solved_run.hpp"
#include "experiments/output/swept.hpp"
#include "experiments/tasks/sweep/sweep_input.hpp"

namespace umkehr {

/// What the runs of a sweep have solved so far, from several threads, and how it gets on disk: as SolvedRun.
class SweptRun {
 public:
  SweptRun(const Sweep& sweep, const std::filesystem::path& file);

  /// What task number `task` gave in a run, and hence in all runs in which it is alike. Throws ShapeChanged.
  void add(std::size_t run, std::size_t task, SolvedTask solved);
  void fail(std::size_t run, std::size_t task, const std::string& why);
  /// Of a task that is alike in an earlier run, there.
  bool has_failed(std::size_t run, std::size_t task) const;
  /// "with dt = 0.1: ", or nothing where a task is alike in all runs.
  std::string where(std::size_t run, std::size_t task) const;

  /// The whole, to be written. All runs are over.
  SolvedRun& whole();
  /// Writes what is finished, naming what is not, and says what it did.
  std::string rescue() noexcept;

 private:
  std::vector<std::size_t> alike(std::size_t run, std::size_t task) const;
  void put_together();

  const Sweep& sweep_;
  Experiment experiment_;  // the first one, with the text of all
  mutable std::mutex mutex_;
  SolvedRun solved_;
  std::vector<SweptGroup> groups_;                               // one a task
  std::vector<std::vector<TaskRun>> task_runs_;                  // task, run
  std::set<std::pair<std::size_t, std::size_t>> done_, failed_;  // (first alike run, task)
  std::vector<Failure> failures_;
  bool is_put_together_ = false;
};

/// The swept keys as results have them.
std::vector<Coordinate> swept_coordinates(const Sweep& sweep);

}  // namespace umkehr
