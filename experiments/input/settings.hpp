// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "experiments/text/toml_value.hpp"

namespace umkehr {

/// Puts settings KEY=VALUE of the command line into an experiment. Keys are dotted, tasks and axes go by name
/// (task.forward.method, axis.x.points), other list entries by number from 0; values are TOML, or else bare
/// strings. The texts are kept in `sources`, since places point to them. Throws ExperimentError.
void apply_settings(TomlValue& root, const std::vector<std::string>& settings, std::deque<Source>& sources);

}  // namespace umkehr
