// SPDX-License-Identifier: GPL-3.0-or-later
#include <Spectra/GenEigsSolver.h>
#include <optional>

#include "solver/spectrum/eigen/eigen_iteration.hpp"

namespace umkehr {

std::optional<GeneralEigen> arnoldi(const InverseOperator& inverse, Eigen::Index count,
                                    EigenIteration choices) {
  InverseOperator op = inverse;
  Spectra::GenEigsSolver<InverseOperator> solver(op, count, subspace(count, op.rows()));
  solver.init();
  solver.compute(Spectra::SortRule::LargestMagn, choices.max_restarts, choices.tolerance);
  if (solver.info() != Spectra::CompInfo::Successful) return {};
  return GeneralEigen{solver.eigenvalues(), solver.eigenvectors()};
}

}  // namespace umkehr
