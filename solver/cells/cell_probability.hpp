// SPDX-License-Identifier: GPL-3.0-or-later
// Exact probabilities of Schroedinger's cells. Of a table (3.7), each factor that of one cell l (3.6),
//   Prob(c) = prod_l a_l! prod_k g(k|l)^c(k,l) / c(k,l)!,
// and of the final counts, the sum over all tables (3.14): the coefficient of z^b in prod_l (sum_k g(k|l) z_k)^a_l. With
// z_k = chi_f(k) e^(i theta_k) Cauchy's integral over the contour is, exactly,
//   Prob(b|a) = e^(-N D_KL(h||g)) I  (3.11, 3.13),  I = the probability of b under the bridge h, whose mean it is,
// and the trapezoid rule errs by the probability of counts that are off by its number of points: by Bernstein's
// inequality some sqrt(N) points an angle leave 1e-15. Angles at which the integrand is as small are left out.
#pragma once

#include "solver/cells/cells.hpp"

namespace umkehr {

/// ln Prob(c) given its column sums; -infinity if it uses a link of no probability.
double log_probability(const Eigen::MatrixXd& kernel, const CountTable& table);

/// ln Prob({b}|{a}). Throws UnfitProblem where it would take more than `most` values of the integrand.
double log_probability_of_final(const Cells& cells, const CellsOptimum& optimum, double most = 1e9);

/// What (3.14) and the Gaussian next to its saddle predict for -(1/N) ln Prob({b}|{a}): with r free cells,
///   D_KL + (r ln(2 pi N) + ln det spread)/(2 N) + O(1/N^2); r = K - 1 if no entry of the table is forced to be zero.
double predicted_rate(const CellsOptimum& optimum, double particles);

/// The most probable table: the optimum, rounded to whole numbers and improved by exchanges until none helps, which is
/// enough as ln Prob(c) is a sum of concave functions.
CountTable most_probable_table(const Cells& cells, const CellsOptimum& optimum);

}  // namespace umkehr
