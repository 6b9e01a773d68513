// SPDX-License-Identifier: GPL-3.0-or-later
// An experiment file, read and checked: what to solve, on which grid, and what to keep.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "experiments/input/problem.hpp"
#include "experiments/tasks/shared/task.hpp"
#include "experiments/text/experiment_error.hpp"

namespace umkehr {

struct Experiment : Problem {
  std::string title;
  std::vector<std::shared_ptr<const Task>> tasks;
  std::string text;                          ///< the whole experiment as TOML, all defaults filled in
  std::vector<std::string> warnings;         ///< what is allowed but probably not meant
  std::vector<std::filesystem::path> files;  ///< samples and fields that it reads, which must not be written
  bool has_process = true;                   ///< else of cells alone: process, grid and times are not there
};

/// `settings` are the command line's --set KEY=VALUE, applied before checking. Throws ExperimentError, and
/// std::system_error if the file cannot be read.
Experiment read_experiment(const std::filesystem::path& file, const std::vector<std::string>& settings = {});
/// The same from text; `name` stands for the file in messages, relative paths start from `directory`.
Experiment parse_experiment(const std::string& text, const std::string& name,
                            const std::filesystem::path& directory,
                            const std::vector<std::string>& settings = {});

}  // namespace umkehr
