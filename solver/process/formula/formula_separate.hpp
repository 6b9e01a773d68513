// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "solver/process/formula/formula_graph.hpp"

namespace umkehr::expression {

/// A product of a function of time and one of each axis.
struct SeparateTerm {
  Expression time;
  std::vector<Expression> axes;
};

/// An expression as a sum of at most `most` such products, by distributing products over sums; nothing where its form
/// does not show one.
std::optional<std::vector<SeparateTerm>> separate(const Expression& expression, std::size_t dimension,
                                                  std::size_t most);

}  // namespace umkehr::expression
