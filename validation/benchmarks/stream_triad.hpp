// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace umkehr {

/// Bytes a second of a = b + s c on arrays far larger than caches, all threads together: the memory's limit, which a
/// sweep over a field that does not fit into caches cannot pass.
inline double stream_triad() {
  constexpr std::ptrdiff_t count = 1 << 23;
  std::vector<double> a(count, 0.0), b(count, 1.0), c(count, 2.0);
  double best = 1e9;
  for (int repetition = 0; repetition < 5; ++repetition) {
    const auto begin = std::chrono::steady_clock::now();
#pragma omp parallel for schedule(static)
    for (std::ptrdiff_t i = 0; i < count; ++i)
      a[static_cast<std::size_t>(i)] = b[static_cast<std::size_t>(i)] + 3.0 * c[static_cast<std::size_t>(i)];
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return 3.0 * sizeof(double) * static_cast<double>(count) / best;
}

}  // namespace umkehr
