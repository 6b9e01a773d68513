// SPDX-License-Identifier: GPL-3.0-or-later
// -L as a dense matrix in the cardinal functions of the centres that matter: both are CardinalGenerator's, H as minus the
// generator of a process without drift, killed at the rate of its well.
#pragma once

#include <vector>

#include "grids/dense/eigen.hpp"
#include "grids/grid.hpp"
#include "solver/generator/cardinal_generator.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

struct CardinalOperator {
  Eigen::MatrixXd matrix;
  std::vector<std::size_t> centres;  ///< of the grid, one an unknown
};

/// Throws UnfitProblem where so many unknowns are too many for a dense matrix.
void require_room(std::size_t unknowns);
/// The centres where exp(-Phi/2) exceeds 1e-16 of its maximum.
std::vector<std::size_t> stationary_centres(const std::vector<double>& phi);

/// D_k and, for V, the well V + sum_k (F_k^2/(2 D_k) + d_k F_k/2) of H in spectrum.hpp.
NodeCoefficients well_of(const Process& process, const Points& x, double t);
/// H on the stationary centres.
CardinalOperator symmetric_operator(const Process& process, const Grid& grid, double t,
                                    const std::vector<double>& phi);
/// -F.d - sum_k D_k/2 d_k^2 + V on all centres.
CardinalOperator general_operator(const Process& process, const Grid& grid, double t);

}  // namespace umkehr
