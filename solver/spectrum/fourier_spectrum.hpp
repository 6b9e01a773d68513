// SPDX-License-Identifier: GPL-3.0-or-later
// -L as a dense matrix in cardinal functions (grids/interpolation/cardinal.hpp), on the centres that matter.
#pragma once

#include <vector>

#include "grids/dense/eigen.hpp"
#include "grids/grid.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

struct CardinalOperator {
  Eigen::MatrixXd matrix;
  std::vector<std::size_t> centres;  ///< of the grid, one an unknown
};

/// Throws std::invalid_argument where one of them is not finite.
std::vector<double> finite_values(const Coefficient& coefficient, const Points& x, double t,
                                  const char* what);
/// Throws std::invalid_argument where so many unknowns are too many for a dense matrix.
void require_room(std::size_t unknowns);
/// The centres where exp(-Phi/2) exceeds 1e-16 of its maximum.
std::vector<std::size_t> stationary_centres(const std::vector<double>& phi);

/// H of spectrum.hpp on the stationary centres.
CardinalOperator symmetric_operator(const Process& process, const Grid& grid, double t,
                                    const std::vector<double>& phi);
/// -F.d - sum_k D_k/2 d_k^2 + V on all centres.
CardinalOperator general_operator(const Process& process, const Grid& grid, double t);

}  // namespace umkehr
