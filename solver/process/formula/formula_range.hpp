// SPDX-License-Identifier: GPL-3.0-or-later
// Bounds of a formula over a box by interval arithmetic (Boost.Interval), which holds for all points of it, as no
// sampling can: what a box cannot hide need not be looked for. They are wide where a variable occurs twice, and come
// close as the box shrinks.
#pragma once

#include <span>

#include "solver/process/formula/formula_graph.hpp"

namespace umkehr::expression {

/// No value lies outside, but for rounding; infinite where nothing is known.
struct Range {
  double least, most;
};

Range range(const Expression& expression, std::span<const double> from, std::span<const double> to, double t);

}  // namespace umkehr::expression
