// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "experiments/input/experiment.hpp"

namespace umkehr {

/// Bytes that the largest task of an experiment takes, beside the results of all that are kept until they are written.
double memory_of(const Experiment& experiment);
/// Bytes that the system could still give, where it says so.
std::optional<double> free_memory();
/// Such as "1.5 GiB".
std::string size_text(double bytes);

}  // namespace umkehr
