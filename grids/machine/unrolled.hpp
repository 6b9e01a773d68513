// SPDX-License-Identifier: GPL-3.0-or-later
// Loops over the few vectors of a row that the compiler must take apart early, so that arrays over them stay in registers.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "grids/machine/lanes.hpp"

#define UMKEHR_INLINE __attribute__((always_inline))

namespace umkehr {

/// work(0), ..., work(V - 1), each number known to the compiler.
template <int V, class Work>
[[gnu::always_inline]] inline void unrolled(Work work) {
  [&]<std::size_t... v>(std::index_sequence<v...>) UMKEHR_INLINE {
    (work(std::integral_constant<std::size_t, v>()), ...);
  }
  (std::make_index_sequence<V>());
}

/// work(number of vectors in a row of `lanes`: 1, 2 or 4), the number known to the compiler.
template <class Work>
[[gnu::always_inline]] inline void with_vectors(std::size_t lanes, Work work) {
  if (lanes == lanes::width) return work(std::integral_constant<int, 1>());
  lanes == 2 * lanes::width ? work(std::integral_constant<int, 2>()) : work(std::integral_constant<int, 4>());
}

}  // namespace umkehr
