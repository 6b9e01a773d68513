// SPDX-License-Identifier: GPL-3.0-or-later
// The squared maximum mean discrepancy of two laws, E k(X, X') + E k(Y, Y') - 2 E k(X, Y), with the Gaussian kernel
// k = exp(-|x - y|^2/(2 b^2)) (Gretton et al., J. Mach. Learn. Res. 13 (2012) 723). The estimate has no bias, may be
// negative, and takes all pairs of points.
#pragma once

#include "grids/points.hpp"
#include "solver/particles/samples/estimate.hpp"

namespace umkehr {

/// The median of distances between points of both samples, a thousand at most; their mean where the median is zero.
double median_distance(const Points& x, const Points& y);

/// With b = `bandwidth`, or the median distance if that is zero; its own spread is no part of the error. Throws
/// UnfitProblem for samples of different dimensions or of less than two points.
Estimate maximum_mean_discrepancy(const Points& x, const Points& y, double bandwidth = 0);

}  // namespace umkehr
