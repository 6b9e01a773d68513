// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/input/toml_value.hpp"

namespace umkehr {

/// Refuses what the TOML library cannot be trusted with: control bytes other than tab and line ends, invalid
/// UTF-8, very large texts and very long dotted keys. Throws ExperimentError.
void check_text(const Source& source);

}  // namespace umkehr
