// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/interpolation/taper.hpp"

#include <algorithm>
#include <cmath>

namespace umkehr {

std::vector<double> taper(const Axis& axis, double share) {
  constexpr double steepness = 5;  // erfc(5) = 1.5e-12
  std::vector<double> out(axis.points);
  for (std::size_t i = 0; i < axis.points; ++i) {
    const double from_wall = std::min(axis.centre(i) - axis.from, axis.to - axis.centre(i));
    out[i] = 0.5 * std::erfc(steepness * (1 - 2 * from_wall / (share * axis.length())));
  }
  return out;
}

}  // namespace umkehr
