// SPDX-License-Identifier: GPL-3.0-or-later
// The score of a model as a task gives it: formulas, which may use the exact score, or a field of an HDF5 file.
#pragma once

#include <string>

#include "experiments/tasks/shared/task_reader.hpp"
#include "solver/score/trial_score.hpp"

namespace umkehr {

struct WrittenScore {
  TrialScore score;
  std::string text;  ///< as it was written
};

/// Throws ExperimentError, and ResultFileError for a file that cannot be read.
WrittenScore read_score(TomlValue& value, const TaskInput& input);
/// Whether it is finite on the grid, and known between these times, as far as can be seen before the run. Throws
/// ExperimentError.
void check_score(const WrittenScore& written, const TomlValue& value, double start, double stop,
                 const TaskInput& input);

}  // namespace umkehr
