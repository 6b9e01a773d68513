// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "experiments/tasks/experiment.hpp"
#include "experiments/tasks/sweep/sweep_input.hpp"

namespace umkehr {

struct Plan {
  const Experiment& experiment;  ///< of a sweep the first one
  std::filesystem::path output;
  std::string text;   ///< of all, with defaults
  double memory = 0;  ///< bytes
  double seconds = 0;
  const Sweep* sweep = nullptr;  ///< none: one run
};

/// What a run would do: process, grid, tasks and memory as comments, then the experiment with all defaults filled in.
/// The whole is an experiment file again.
void print_plan(const Plan& plan, std::ostream& out);
/// The same as one JSON object.
std::string plan_json(const Plan& plan);

}  // namespace umkehr
