// SPDX-License-Identifier: GPL-3.0-or-later
#include <Spectra/GenEigsSolver.h>
#include <optional>
#include <stdexcept>

#include "solver/spectrum/eigen/eigen_iteration.hpp"

namespace umkehr {

std::optional<GeneralEigen> arnoldi(const InverseOperator& inverse, Eigen::Index count,
                                    EigenIteration choices) {
  // Spectra throws where the small matrix of a restart has no decomposition, or a vector vanishes.
  try {
    InverseOperator op = inverse;
    Spectra::GenEigsSolver<InverseOperator> solver(op, count, subspace(count, op.rows()));
    solver.init();
    solver.compute(Spectra::SortRule::LargestMagn, choices.max_restarts, choices.tolerance);
    if (solver.info() != Spectra::CompInfo::Successful) return {};
    return GeneralEigen{solver.eigenvalues(), solver.eigenvectors()};
  } catch (const std::runtime_error&) {
    return {};
  } catch (const std::invalid_argument&) {
    return {};
  }
}

}  // namespace umkehr
