// SPDX-License-Identifier: GPL-3.0-or-later
// Tasks of a result file that figures of single runs show. Of a sweep that is a task that no key concerns, whose runs are
// one; a series of path integrals; and tasks of a few runs that differ in words, such as methods or formulas.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "experiments/output/result.hpp"
#include "experiments/tasks/sweep/sweep_input.hpp"

namespace umkehr {

/// One task of one run.
struct ShownTask {
  Group
      run;  ///< without values; of a sweep, the coordinates and variables of the one run, named "TASK NUMBER"
  std::string label;               ///< for figures: the task, and of a sweep the values of the keys
  const Experiment* experiment;    ///< of the run
  const Task* task;                ///< in it
  std::vector<std::size_t> index;  ///< of the run along the swept keys; none of a plain result
  std::filesystem::path file;

  const Space& grid() const { return experiment->grid; }
  bool has(const std::string& variable) const { return run.find(variable) != nullptr; }
  /// An attribute of the run, or nothing.
  std::string note(const std::string& attribute) const;
  /// Values at index n of the variable's own first coordinate. Throws ResultFileError.
  std::vector<double> read(const std::string& variable, std::size_t n) const;
};

/// In the order of the experiment. `sweep` is what the file's own experiment makes, and outlives what is given.
std::vector<ShownTask> shown_tasks(const std::filesystem::path& file, const Result& outline,
                                   const Sweep& sweep);

}  // namespace umkehr
