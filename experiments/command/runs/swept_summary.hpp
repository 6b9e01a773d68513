// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>

#include "experiments/command/runs/summary.hpp"

namespace umkehr {

/// A table a task: a line a run, with the values of the swept keys and the task's scalars.
void print_swept_summary(const Run& run, std::ostream& out);

}  // namespace umkehr
