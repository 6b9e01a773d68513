// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/tasks/experiment.hpp"

namespace umkehr {

/// Bytes of the program, and that the largest task of an experiment takes, beside the results of all that are kept until they are written.
double memory_of(const Experiment& experiment);

}  // namespace umkehr
