// SPDX-License-Identifier: GPL-3.0-or-later
// P = sum_n c_n prod_k w_k psi_{n_k}: the coefficients c_n = E_P[psi_n] of a law, in C order, by recurrence for
// Gaussians. With mean mu and covariance 1 + Delta in scaled coordinates their generating function is
//   sum_n c_n u^n/sqrt(n!) = exp(u.mu + u.Delta u/2).
#pragma once

#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "grids/hermite.hpp"
#include "solver/law/law.hpp"

namespace umkehr {

/// One coefficient a product of modes. A mixture is expanded on the line, any other law as it stands on `grid`.
/// Throws UnfitProblem if the law is too wide for the bases.
std::vector<double> hermite_coefficients(const Law& law, const Grid& grid,
                                         std::span<const HermiteBasis> bases);

}  // namespace umkehr
