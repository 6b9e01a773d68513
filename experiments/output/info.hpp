// SPDX-License-Identifier: GPL-3.0-or-later
// What a result file holds, for a reader at a terminal.
#pragma once

#include <iosfwd>

#include "experiments/output/result.hpp"

namespace umkehr {

/// Title and provenance; each task with its attributes, axes, variables and scalars.
void print_info(const Result& result, std::ostream& out);

}  // namespace umkehr
