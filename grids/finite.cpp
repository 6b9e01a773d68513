// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/finite.hpp"

#include <algorithm>
#include <atomic>

#include "grids/machine/team.hpp"
#include "grids/machine/unrolled.hpp"

namespace umkehr {
namespace {

/// A difference from itself is zero, or else not a number, which a sum then keeps.
bool is_block_finite(std::span<const double> block) {
  Lanes sums[4]{};
  std::size_t i = 0;
  for (; i + 4 * lanes::width <= block.size(); i += 4 * lanes::width)
    unrolled<4>([&](auto v) UMKEHR_INLINE {
      const Lanes each = lanes::load(&block[i + v * lanes::width]);
      sums[v] += each - each;
    });
  double sum = 0;
  for (; i < block.size(); ++i) sum += block[i] - block[i];
  const Lanes all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  for (std::size_t lane = 0; lane < lanes::width; ++lane) sum += all[lane];
  return sum == 0;
}

}  // namespace

bool all_finite(std::span<const double> values) {
  constexpr std::size_t block = 16384;
  std::atomic<bool> finite = true;
  share((values.size() + block - 1) / block, 0.1 * static_cast<double>(block), [&](std::size_t n) {
    if (!is_block_finite(values.subspan(n * block, std::min(block, values.size() - n * block))))
      finite = false;
  });
  return finite;
}

}  // namespace umkehr
