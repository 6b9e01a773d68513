// SPDX-License-Identifier: GPL-3.0-or-later
// Where a formula changes its branch. Comparisons, abs, min, max and where are smooth in pieces only: their exact
// derivative lacks what happens between the pieces, so it must not be asked what the whole formula is.
#pragma once

#include <cstddef>
#include <vector>

#include "solver/process/formula/formula_graph.hpp"

namespace umkehr::expression {

/// False where a branch is chosen by this axis.
bool is_smooth_along(const Expression& expression, std::size_t axis);
/// Whether such a choice can make it jump: abs, min and max of what is continuous cannot.
bool may_jump_along(const Expression& expression, std::size_t axis);
/// What chooses branches by time alone, each zero on one side of a change and something else on the other.
std::vector<Expression> conditions_in_time(const Expression& expression);

/// What branches in space hang on, functions that pass through zero where one changes: a - b for each of a < b,
/// min(a, b), ..., and a for abs(a), where it depends on an axis.
std::vector<Expression> switches(const Expression& expression);

}  // namespace umkehr::expression
