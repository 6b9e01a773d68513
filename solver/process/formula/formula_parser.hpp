// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "solver/process/formula/formula.hpp"
#include "solver/process/formula/formula_graph.hpp"

namespace umkehr::expression {

/// Throws FormulaError, and UnfitProblem for names that are no names, reserved or given twice.
Expression parse(std::string_view text, const FormulaNames& names);

/// Brackets that may be open at once.
inline constexpr std::size_t deepest_nesting = 200;
inline constexpr std::size_t longest_text = 4096;

}  // namespace umkehr::expression
