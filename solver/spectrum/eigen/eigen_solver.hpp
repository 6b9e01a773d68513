// SPDX-License-Identifier: GPL-3.0-or-later
// The eigenvalues of a matrix nearest to a shift, by iteration on (A - shift)^-1; small matrices directly.
#pragma once

#include <Eigen/SparseCore>

#include "grids/dense/eigen.hpp"
#include "grids/failure.hpp"

namespace umkehr {

/// Columns of `vectors` belong to `values`; sorted by the real part, then by the imaginary one.
struct Eigenpairs {
  Eigen::VectorXcd values;
  Eigen::MatrixXcd vectors;

  /// The first `count`, and one more where a complex pair would be cut in two.
  Eigenpairs first(Eigen::Index count) const;
};

/// Of a symmetric matrix whose eigenvalues all lie above `shift`. Throws EigenFailure.
Eigenpairs lowest_symmetric(const Eigen::MatrixXd& matrix, Eigen::Index count, double shift);
/// Of any real matrix: the wanted ones and more, since what is nearest to the shift need not have the least real part, or
/// may be an artefact. Throws EigenFailure.
Eigenpairs lowest_general(const Eigen::MatrixXd& matrix, Eigen::Index count, double shift);
Eigenpairs lowest_general(const Eigen::SparseMatrix<double>& matrix, Eigen::Index count, double shift);

/// What gave up, and on how many unknowns.
class EigenFailure : public NumericalFailure {
 public:
  using NumericalFailure::NumericalFailure;
};

}  // namespace umkehr
