// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/runs/run_output.hpp"

#include "experiments/command/machine/exit_code.hpp"
#include "experiments/output/disk/replaced_file.hpp"
#include "experiments/output/result_file.hpp"

namespace umkehr {
namespace {

namespace fs = std::filesystem;

/// One file, by links of either kind or other ways to write its path, too.
bool is_same(const fs::path& one, const fs::path& other) {
  std::error_code ignored;
  return one == other || fs::equivalent(one, other, ignored);
}

/// The files that a run writes.
std::vector<fs::path> outputs_of(const fs::path& output, const Experiment& experiment) {
  if (!experiment.has_process || experiment.grid.dimension() < 2) return {output};
  return {output, scene_beside(output)};
}

void check_replaceable(const fs::path& file) {
  try {
    const ReplacedFile trial(file);
  } catch (const std::exception& error) {
    throw ResultFileError(file.string() + ": cannot be written: " + error.what());
  }
}

}  // namespace

fs::path output_of(const RunOptions& options) {
  fs::path output = options.output;
  if (output.empty()) output = fs::path(options.experiment).replace_extension(".h5");
  if (is_same(output, options.experiment))
    throw UsageError("the result would replace the experiment " + options.experiment.string() +
                     "; name it with -o RESULT.h5");
  return output;
}

void check_inputs_stay(const fs::path& output, const RunOptions& options, const Experiment& experiment) {
  std::vector<fs::path> inputs = experiment.files;
  inputs.push_back(options.experiment);
  for (const fs::path& file : outputs_of(output, experiment))
    for (const fs::path& input : inputs)
      if (is_same(file, input))
        throw UsageError(file.string() + ": the result would replace " + input.string() +
                         ", which the experiment reads; give it another name with -o RESULT.h5");
}

void check_output(const fs::path& output, const Experiment& experiment) {
  for (const fs::path& file : outputs_of(output, experiment)) check_replaceable(file);
}

}  // namespace umkehr
