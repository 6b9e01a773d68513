// SPDX-License-Identifier: GPL-3.0-or-later
// -L on finite volumes: minus the transpose of the forward stencil of axis_generator.hpp, plus V.
#pragma once

#include <Eigen/SparseCore>

#include "grids/dense/eigen.hpp"
#include "grids/grid.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// Row i acts on values at the centres of the cells.
Eigen::SparseMatrix<double> finite_volume_operator(const Process& process, const Grid& grid, double t);

}  // namespace umkehr
