// SPDX-License-Identifier: GPL-3.0-or-later
// Of a symmetric function h of two points, the U-statistic without bias
//   2 mean h(x_i, y_j) - mean_{i != j} h(x_i, x_j) - mean_{i != j} h(y_i, y_j),
// and its standard deviation. By Hoeffding's decomposition (Ann. Math. Statist. 19 (1948) 293) the variance is
//   Var(phi_x)/n + Var(phi_y)/m + Q,   Q = 4 rho_xy/(n m) + 2 rho_xx/n^2 + 2 rho_yy/m^2,
// phi the mean of h over partners, rho the variance of what h holds beyond sums of functions of one point. Q alone is
// left where both laws are the same. What the means over partners vary by in the samples holds Q twice.
#pragma once

#include "solver/particles/samples/estimate.hpp"
#include "solver/particles/samples/pair_sums.hpp"

namespace umkehr {

/// The sums over pairs within a sample hold no pair of a point with itself.
Estimate two_sample_statistic(const PairSums& x_to_y, const PairSums& y_to_x, const PairSums& x_to_x,
                              const PairSums& y_to_y);

}  // namespace umkehr
