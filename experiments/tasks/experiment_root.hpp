// SPDX-License-Identifier: GPL-3.0-or-later
// The two steps of reading an experiment, for those that change it in between.
#pragma once

#include <filesystem>
#include <string>

#include "experiments/tasks/experiment.hpp"
#include "experiments/text/toml_value.hpp"

namespace umkehr {

/// The text of an experiment's file. Throws std::system_error.
std::string contents_of_experiment(const std::filesystem::path& file);
/// The experiment that a parsed text is, with all defaults filled into `root`; arguments as those of parse_experiment.
Experiment read_root(TomlValue& root, const std::string& name, const std::filesystem::path& directory);

}  // namespace umkehr
