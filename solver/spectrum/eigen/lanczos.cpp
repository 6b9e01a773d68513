// SPDX-License-Identifier: GPL-3.0-or-later
#include <Spectra/SymEigsSolver.h>
#include <optional>

#include "solver/spectrum/eigen/eigen_iteration.hpp"

namespace umkehr {

std::optional<SymmetricEigen> lanczos(const InverseOperator& inverse, Eigen::Index count,
                                      EigenIteration choices) {
  InverseOperator op = inverse;
  Spectra::SymEigsSolver<InverseOperator> solver(op, count, subspace(count, op.rows()));
  solver.init();
  solver.compute(Spectra::SortRule::LargestMagn, choices.max_restarts, choices.tolerance);
  if (solver.info() != Spectra::CompInfo::Successful) return {};
  return SymmetricEigen{solver.eigenvalues(), solver.eigenvectors()};
}

}  // namespace umkehr
