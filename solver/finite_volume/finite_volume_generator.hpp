// SPDX-License-Identifier: GPL-3.0-or-later
// L on finite volumes as a sparse matrix: the transpose of the forward stencil of axis_generator.hpp, less V. Its rows are what
// a value sees; L^dagger moves cell means of a density. Nothing keeps up with steps here: those of axis_step.hpp never form it.
#pragma once

#include <Eigen/SparseCore>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "grids/dense/eigen.hpp"
#include "grids/grid.hpp"
#include "solver/finite_volume/axis_generator.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// Models Generator.
class FiniteVolumeGenerator {
 public:
  FiniteVolumeGenerator(const Process& process, const Grid& grid);

  std::size_t size() const { return grid_.size(); }
  /// L h and L^dagger P, h at the centres and P as cell means.
  void apply(double t, std::span<const double> h, std::span<double> out);
  void apply_adjoint(double t, std::span<const double> density, std::span<double> out);
  /// L at time t, (cells, cells).
  const Eigen::SparseMatrix<double>& matrix(double t);

 private:
  Process process_;
  Grid grid_;
  std::vector<AxisGenerator> axes_;
  std::optional<double> time_;  // that of the matrix
  Eigen::SparseMatrix<double> matrix_;
};

}  // namespace umkehr
