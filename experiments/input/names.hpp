// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "experiments/text/toml_value.hpp"

namespace umkehr {

/// Whether a name matches [A-Za-z][A-Za-z0-9_]* and has at most 64 characters.
bool is_name(const std::string& name);

/// Whether results call something else by that name.
using IsWritten = std::function<bool(const std::string& name)>;

/// Refuses what an axis or a definition may not be called: what is no name, what formulas or results already
/// call something else, and the names in `taken`. Throws ExperimentError at `place`.
void check_name(const std::string& name, const Place& place, const std::vector<std::string>& taken,
                const IsWritten& is_written);

}  // namespace umkehr
