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

/// The value that a word of the command line means: TOML, or else a bare string. `source` holds "value = " and the word.
TomlValue parse_setting_value(const Source& source, const std::string& text);
/// Puts a value where a dotted key points, in tables that are made where they are missing. Complains at `place`.
void put_value(TomlValue& root, const std::string& key, const Place& place, TomlValue value);
/// The parts of a key, names of tasks and axes as their numbers: the same for all ways to write it.
std::vector<std::string> resolved_key(TomlValue& root, const std::string& key, const Place& place);

}  // namespace umkehr
