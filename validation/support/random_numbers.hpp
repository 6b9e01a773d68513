// SPDX-License-Identifier: GPL-3.0-or-later
// Random numbers that share nothing with the library's own.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

#include "grids/points.hpp"

namespace umkehr {

class RandomNumbers {
 public:
  explicit RandomNumbers(std::uint64_t seed) : generator_(seed) {}

  /// In (0, 1).
  double uniform() { return (static_cast<double>(generator_() >> 11) + 0.5) * 0x1p-53; }
  /// By Box and Muller.
  double normal() {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }
  Points uniforms(std::size_t dimension, std::size_t count) {
    return filled(dimension, count, [this] { return uniform(); });
  }
  Points normals(std::size_t dimension, std::size_t count) {
    return filled(dimension, count, [this] { return normal(); });
  }

 private:
  template <class Draw>
  static Points filled(std::size_t dimension, std::size_t count, const Draw& draw) {
    Points points(dimension, count);
    for (std::size_t k = 0; k < dimension; ++k)
      for (double& x : points[k]) x = draw();
    return points;
  }

  std::mt19937_64 generator_;
};

}  // namespace umkehr
