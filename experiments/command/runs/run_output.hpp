// SPDX-License-Identifier: GPL-3.0-or-later
// Where a run's result goes, and that nothing is lost by it.
#pragma once

#include <filesystem>

#include "experiments/command/runs/verbs.hpp"
#include "experiments/tasks/experiment.hpp"

namespace umkehr {

/// What -o says, else beside the experiment. Throws UsageError if that is the experiment itself.
std::filesystem::path output_of(const RunOptions& options);
/// Throws UsageError if the result, or the scene beside it, would replace the experiment or a file that it reads, by
/// whatever path.
void check_inputs_stay(const std::filesystem::path& output, const RunOptions& options,
                       const Experiment& experiment);
/// A file that cannot be written is better known before a long run than after it. Throws ResultFileError.
void check_output(const std::filesystem::path& output, const Experiment& experiment);

}  // namespace umkehr
