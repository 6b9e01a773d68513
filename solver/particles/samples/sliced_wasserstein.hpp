// SPDX-License-Identifier: GPL-3.0-or-later
// Wasserstein's distance of order one. On the line, between quantile or between distribution functions,
//   W = int_0^1 |F^-1(u) - G^-1(u)| du = int |F(x) - G(x)| dx;
// in more dimensions the mean of that over projections to given directions (Bonneel et al., J. Math. Imaging Vis. 51
// (2015) 22), whose own number is no part of the error.
//
// It is never negative, so samples of one law have a distance too: about `noise`, the mean of int |B| for the Gaussian
// process B that F - G then is, with Var B = H (1 - H) (1/n + 1/m), H of both samples together. The error is that of the
// linear part, which int sign(F - G) (1_{x_i <= t} - F(t)) dt is of each point: right where laws differ by more than
// noise, too large by up to 1.7 where they are the same.
#pragma once

#include <cstddef>
#include <cstdint>

#include "grids/points.hpp"
#include "solver/particles/samples/estimate.hpp"

namespace umkehr {

struct WassersteinEstimate : Estimate {
  double noise = 0;  ///< the value to expect of two such samples of one law
};

/// On the line. Throws UnfitProblem for samples of less than two points, or of another dimension.
WassersteinEstimate wasserstein(const Points& x, const Points& y);

/// Unit vectors: one on the line, at equal angles over half a circle in the plane, random ones by `key` in more dimensions.
Points unit_directions(std::size_t dimension, std::size_t count = 64, std::uint64_t key = 0);

/// The mean over directions. Throws UnfitProblem for samples of less than two points, and where dimensions
/// differ.
WassersteinEstimate sliced_wasserstein(const Points& x, const Points& y, const Points& directions);
/// Along the directions above.
WassersteinEstimate sliced_wasserstein(const Points& x, const Points& y);

}  // namespace umkehr
