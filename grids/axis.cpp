// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/axis.hpp"

namespace umkehr {

std::vector<double> Axis::centres() const {
  std::vector<double> x(points);
  for (std::size_t i = 0; i < points; ++i) x[i] = centre(i);
  return x;
}

}  // namespace umkehr
