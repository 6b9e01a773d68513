// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "experiments/text/toml_value.hpp"

namespace umkehr {

struct Times {
  double start = 0;
  double stop = 1;
  std::vector<double> saved;
};

/// The table [time]. Throws ExperimentError.
Times read_times(TomlValue& table);

}  // namespace umkehr
