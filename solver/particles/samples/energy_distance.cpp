// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/samples/energy_distance.hpp"

#include "solver/particles/samples/two_sample_statistic.hpp"

namespace umkehr {

Estimate energy_distance(const Points& x, const Points& y) {
  check_samples(x, y, 2);
  const auto sums = x.dimension() == 1 ? sorted_distance_sums : distance_sums;
  return two_sample_statistic(sums(x, y), sums(y, x), sums(x, x), sums(y, y));
}

}  // namespace umkehr
