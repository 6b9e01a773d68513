// SPDX-License-Identifier: GPL-3.0-or-later
// TOML 1.0, from text to values and back.
#pragma once

#include <string>

#include "experiments/text/toml_value.hpp"

namespace umkehr {

/// Throws ExperimentError at what is not TOML, and at bytes that a text file should not hold.
TomlValue parse_toml(const Source& source);

/// The root table as a file: headers for tables and for arrays of tables, all else in line.
std::string write_toml(const TomlValue& root);
/// One value, in line.
std::string write_toml_value(const TomlValue& value);

}  // namespace umkehr
