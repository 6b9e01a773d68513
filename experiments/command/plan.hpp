// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "experiments/tasks/experiment.hpp"

namespace umkehr {

/// What a run would do: process, grid, tasks and memory as comments, then the experiment with all defaults filled in.
/// The whole is an experiment file again.
void print_plan(const Experiment& experiment, const std::filesystem::path& output, std::ostream& out);
/// The same as one JSON object.
std::string plan_json(const Experiment& experiment, const std::filesystem::path& output);

}  // namespace umkehr
