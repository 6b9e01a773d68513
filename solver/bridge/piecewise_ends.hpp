// SPDX-License-Identifier: GPL-3.0-or-later
// The divergence of a bridge whose ends jump, have kinks or end at walls,
//   D_KL(H* || G) = int P_f ln P_f - int P_f ln chi_hat_f - int P_i ln chi_i,   for int P_f ln(chi_f chi_hat_f) = int P_f ln P_f.
// chi_hat_f and chi_i are smooth, and the divergence does not change to first order when they do (it is the largest of its
// dual), so integrals by Gauss's rules between the jumps leave an error of order 4 in the spacing where sums over cells leave
// one of order 1.
#pragma once

#include <span>

#include "solver/bridge/schroedinger_system.hpp"
#include "solver/law/law.hpp"

namespace umkehr {

/// Whether sums over cells do not tell integrals over such a law.
bool needs_integrals(const Law& law, const Grid& grid, std::span<const double> marginal);

/// What the divergence of a solution for these marginals, of mass one, lacks; zero where sums will do.
double lacking_of_sums(const Law& initial, const Law& final, const Grid& grid, std::span<const double> first,
                       std::span<const double> last, const SchroedingerSolution& solution);

}  // namespace umkehr
