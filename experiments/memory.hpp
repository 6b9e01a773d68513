// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "experiments/free_memory.hpp"
#include "experiments/input/experiment.hpp"

namespace umkehr {

/// Bytes of the program, and that the largest task of an experiment takes, beside the results of all that are kept until they are written.
double memory_of(const Experiment& experiment);
/// Such as "1.5 GiB".
std::string size_text(double bytes);

}  // namespace umkehr
