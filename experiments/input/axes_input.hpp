// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/input/names.hpp"
#include "experiments/text/toml_value.hpp"
#include "grids/grid.hpp"

namespace umkehr {

/// The grid of the tables [[axis]]. Throws ExperimentError.
Grid read_axes(TomlValue& tables, const IsWritten& is_written);

}  // namespace umkehr
