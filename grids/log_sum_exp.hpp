// SPDX-License-Identifier: GPL-3.0-or-later
// ln sum_i exp(a_i), -infinity for no terms: the largest is taken out, so that nothing overflows and not all underflows.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "grids/machine/infinity.hpp"

namespace umkehr {

/// Of term(0), ..., term(count - 1).
template <class Term>
double log_sum_exp(std::size_t count, const Term& term) {
  constexpr double negligible = -44;  // exp of which is lost in rounding beside 1
  double largest = log_zero, sum = 0;
  for (std::size_t i = 0; i < count; ++i) largest = std::max(largest, term(i));
  if (largest == log_zero) return log_zero;
  for (std::size_t i = 0; i < count; ++i)
    if (const double less = term(i) - largest; !(less < negligible)) sum += std::exp(less);
  return largest + std::log(sum);
}

inline double log_sum_exp(std::span<const double> terms) {
  return log_sum_exp(terms.size(), [terms](std::size_t i) { return terms[i]; });
}

}  // namespace umkehr
