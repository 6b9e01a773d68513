// SPDX-License-Identifier: GPL-3.0-or-later
// What is swept, as it is written: the table [sweep], and --sweep KEY=V1,V2,... beside it.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "experiments/tasks/sweep/sweep_input.hpp"
#include "experiments/text/toml_value.hpp"

namespace umkehr {

struct WrittenSweep {
  std::string key;
  Place place;
  std::vector<TomlValue> values;
};

/// Takes the table out of an experiment, whose settings are applied already, and adds what the command line says. Texts
/// of it are kept in `sources`. Throws ExperimentError.
std::vector<WrittenSweep> take_sweeps(TomlValue& root, const std::vector<std::string>& settings,
                                      const std::vector<std::string>& sweeps, std::deque<Source>& sources);

/// Whether values are numbers, and which. Refuses values that are there twice.
SweptKey described(const WrittenSweep& written);

/// Of the dimensions of results, different from each other and from what the experiment's tasks write.
std::vector<std::string> names_of_dimensions(const std::vector<WrittenSweep>& sweeps,
                                             const Experiment& experiment);

/// Refuses a key that changes the axes, the saved times, or how many values a task writes. Throws ExperimentError that
/// names it.
void check_shapes(const Sweep& sweep);

}  // namespace umkehr
