// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "experiments/output/result.hpp"

namespace umkehr {

/// What the screen, but not the file, is told of a task.
struct TaskRun {
  std::size_t steps = 0;
  std::size_t refused = 0;
  double seconds = 0;     ///< from the problem to the last field in memory
  bool is_solved = true;  ///< else it failed, in a sweep that went on
};

struct Run {
  Result result;
  std::vector<TaskRun> tasks;  ///< one a group of the result
  std::filesystem::path file;
  double seconds = 0;
  std::vector<std::string> warnings = {};  ///< of the experiment as a whole; a task's are with its group
  std::vector<std::vector<TaskRun>> swept = {};  ///< of a sweep, in place of `tasks`: a group's runs
};

/// A scalar as the screen shows it: a size where it is that of an error.
std::string number_of(const std::string& name, double value);
/// A line a task, and one for each that failed.
void print_summary(const Run& run, std::ostream& out);
/// Where the result is: what is said only when it is there.
std::string written_line(const Run& run);
/// One JSON object: {"tasks": {NAME: {SCALAR: number, LIST: [numbers], ..., "seconds": s, "warnings": [text]}},
/// "file": ..., "seconds": s, "warnings": [text]}, lists being eigenvalues and the like, and "failed": {NAME: why} where
/// tasks failed; what is not finite is null. Of a sweep scalars, steps and seconds are lists, nested for several keys, whose
/// values are in "sweep": {NAME: [values]}, and "failed" lists a task's failures.
std::string summary_json(const Run& run);

}  // namespace umkehr
