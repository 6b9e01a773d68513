// SPDX-License-Identifier: GPL-3.0-or-later
// Sums over all pairs of two samples. Each point's sum is taken by one thread in one order, so that no bit depends on
// how many there are.
#pragma once

#include <vector>

#include "grids/points.hpp"

namespace umkehr {

/// Of a function h of two points, a sum for each point of one sample over all points of another.
struct PairSums {
  std::vector<double> sum;  ///< sum_j h(x_i, y_j)
  double squares = 0;       ///< sum_ij h(x_i, y_j)^2
};

/// h = |x - y|
PairSums distance_sums(const Points& x, const Points& y);
/// h = exp(-|x - y|^2 / (2 bandwidth^2))
PairSums gaussian_sums(const Points& x, const Points& y, double bandwidth);
/// h = |x - y| on the line, by sorting, in O((n + m) ln m).
PairSums sorted_distance_sums(const Points& x, const Points& y);

/// Throws UnfitProblem unless both have as many dimensions and `least` points or more.
void check_samples(const Points& x, const Points& y, std::size_t least);

}  // namespace umkehr
