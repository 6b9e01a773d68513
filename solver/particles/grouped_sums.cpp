// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/grouped_sums.hpp"

namespace umkehr {

std::vector<double> GroupedSums::total(std::size_t first, std::size_t columns) const {
  std::vector<double> sums(columns);
  for (std::size_t g = 0; g < groups_; ++g)
    for (std::size_t c = 0; c < columns; ++c) sums[c] += (*this)[g][first + c];
  return sums;
}

}  // namespace umkehr
