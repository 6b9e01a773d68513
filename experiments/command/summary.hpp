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
  double seconds = 0;  ///< from the problem to the last field in memory
};

struct Run {
  Result result;
  std::vector<TaskRun> tasks;  ///< one a group of the result
  std::filesystem::path file;
  double seconds = 0;
  std::vector<std::string> warnings = {};  ///< of the experiment as a whole; a task's are with its group
};

/// A line a task, and one for each that failed.
void print_summary(const Run& run, std::ostream& out);
/// Where the result is: what is said only when it is there.
std::string written_line(const Run& run);
/// One JSON object: {"tasks": {NAME: {SCALAR: number, LIST: [numbers], ..., "seconds": s, "warnings": [text]}},
/// "file": ..., "seconds": s, "warnings": [text]}, lists being eigenvalues and the like, and "failed": {NAME: why} where
/// tasks failed; what is not finite is null.
std::string summary_json(const Run& run);

}  // namespace umkehr
