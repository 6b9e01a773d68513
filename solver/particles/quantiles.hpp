// SPDX-License-Identifier: GPL-3.0-or-later
// Quantiles of weighted particles: x with F(x) = p, F the share of the weight up to x, linear between the middles of
// particles. The standard error is half the distance between the quantiles at p -+ s, s that of F at x,
// s^2 = sum w^2 (1(x_i <= x) - p)^2/(sum w)^2 (Woodruff, J. Am. Stat. Assoc. 47 (1952) 635).
#pragma once

#include <span>
#include <vector>

#include "solver/particles/samples/estimate.hpp"

namespace umkehr {

/// One a probability in (0, 1). Throws UnfitProblem without weight.
std::vector<Estimate> weighted_quantiles(std::span<const double> x, std::span<const double> weight,
                                         std::span<const double> probabilities);

}  // namespace umkehr
