// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "experiments/tasks/figure_numbers/shown_tasks.hpp"

namespace umkehr {

/// Two tasks, the second by the more accurate method.
struct MethodPair {
  const ShownTask *first, *second;
};

/// Of the tasks of that kind that hold `variable` with the same terminal value: all pairs of up to three, more are held
/// against the most accurate one. Points to `tasks`.
std::vector<MethodPair> method_pairs(const std::vector<ShownTask>& tasks, const std::string& solve,
                                     const std::string& variable);

/// The figures' group of a pair: attributes `first`, `second` (labels), `of` (the variable), and relative to the second
///   difference(t)        sum |a - b| / sum |b|; of a density, cell means against cell means
///   score_difference(t)  (sum P |S_a - S_b|^2 / sum P |S_b|^2)^(1/2) where P is trusted
///   first_difference(x)  of a value on a line, |a - b| / max |b| at the first time
///   difference(index)    of eigenvalues, |a - b| to the nearest b: methods order close ones each in its own way
/// Not a number unless `is_wanted`.
Group pair_group(const MethodPair& pair, const std::string& variable, bool is_wanted);

}  // namespace umkehr
