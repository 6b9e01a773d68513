// SPDX-License-Identifier: GPL-3.0-or-later
// What a formula's branches hang on: comparisons, abs, min and max change theirs where a function passes through zero.
#pragma once

#include <vector>

#include "solver/process/formula_graph.hpp"

namespace umkehr::expression {

/// a - b for each of a < b, min(a, b), ..., and a for abs(a), where it depends on an axis.
std::vector<Expression> switches(const Expression& expression);

}  // namespace umkehr::expression
