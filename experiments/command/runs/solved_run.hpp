// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "experiments/command/runs/summary.hpp"
#include "experiments/output/result_file.hpp"
#include "experiments/tasks/experiment.hpp"

namespace umkehr {

/// What a run has solved so far, and how it gets on disk. Where the run is to keep going, a signal has the finished
/// tasks written by the thread that watches for it, while the next is being solved: hence the lock.
class SolvedRun {
 public:
  SolvedRun(const Experiment& experiment, const std::filesystem::path& file);

  void add(const SolvedTask& task, Group group);
  /// The group of all runs of a sweep.
  void add_swept(std::vector<TaskRun> runs, Group group);
  void fail(const std::string& task, const std::string& why);
  bool has_failed(const std::string& task) const;
  const Run& run() const { return run_; }

  /// Puts the result of what began at `start` on disk under a temporary name, then in its place. Both throw
  /// ResultFileError.
  void prepare(std::chrono::steady_clock::time_point start);
  void commit();
  /// Writes what is finished, naming the others as failed, and says what it did.
  std::string rescue() noexcept;

 private:
  void put_in_place();
  std::string write_finished();

  const Experiment& experiment_;
  std::mutex mutex_;
  Run run_;
  std::optional<PreparedResult> prepared_;
  bool is_written_ = false;
};

}  // namespace umkehr
