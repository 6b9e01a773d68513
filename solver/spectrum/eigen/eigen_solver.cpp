// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/eigen/eigen_solver.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numeric>
#include <string>
#include <vector>

#include "solver/spectrum/eigen/eigen_iteration.hpp"

namespace umkehr {
namespace {

using Eigen::Index;
using Matrix = Eigen::MatrixXd;

constexpr Index small = 60;  // below it, all eigenvalues at once

[[noreturn]] void give_up(const char* what, Index size) {
  throw EigenFailure("the eigenvalues of a matrix of " + std::to_string(size) + " unknowns: " + what +
                     "; take more points, a box that holds less of the steep drift, or another method");
}

Eigenpairs sorted(const Eigen::VectorXcd& values, const Eigen::MatrixXcd& vectors) {
  std::vector<Index> order(static_cast<std::size_t>(values.size()));
  std::iota(order.begin(), order.end(), 0);
  // Partners of a pair differ in the real part by roundoff at most, which must not part them.
  const auto rounded = [&](Index n) {
    const double unit = 1e-9 * std::max(1.0, std::abs(values[n]));
    return std::round(values[n].real() / unit) * unit;
  };
  std::sort(order.begin(), order.end(), [&](Index a, Index b) {
    const double x = rounded(a), y = rounded(b);
    return x != y ? x < y : values[a].imag() > values[b].imag();
  });
  Eigenpairs pairs{values, vectors};
  for (Index n = 0; n < values.size(); ++n) {
    pairs.values[n] = values[order[static_cast<std::size_t>(n)]];
    pairs.vectors.col(n) = vectors.col(order[static_cast<std::size_t>(n)]);
  }
  return pairs;
}

Eigenpairs iterate(LinearSolve solve, Index size, Index count, double shift) {
  const auto inverse = arnoldi({std::move(solve), size}, std::min(size - 2, 2 * count + 4));
  if (!inverse) give_up("Arnoldi's iteration did not converge", size);
  return sorted(shift + inverse->values.array().inverse(), inverse->vectors);
}

}  // namespace

Eigenpairs Eigenpairs::first(Index count) const {
  if (count >= values.size()) return *this;
  const std::complex<double> last = values[count - 1];
  const bool cuts = last.imag() > 0 && std::abs(values[count] - std::conj(last)) <= 1e-9 * std::abs(last);
  if (cuts) ++count;
  return {values.head(count), vectors.leftCols(count)};
}

Eigenpairs lowest_symmetric(const Matrix& matrix, Index count, double shift) {
  const Index size = matrix.rows();
  if (size <= small) {
    if (!matrix.allFinite()) give_up("it has entries that are not finite", size);
    const SymmetricEigen all = symmetric_eigen(matrix);
    return sorted(all.values.cast<std::complex<double>>(), all.vectors.cast<std::complex<double>>())
        .first(count);
  }
  Matrix shifted = matrix;
  shifted.diagonal().array() -= shift;
  const auto factors = factorise_positive(shifted);
  if (!factors) give_up("it has some below the shift", size);
  const auto inverse = lanczos({*factors, size}, count);
  if (!inverse) give_up("Lanczos's iteration did not converge", size);
  return sorted((shift + inverse->values.array().inverse()).cast<std::complex<double>>(),
                inverse->vectors.cast<std::complex<double>>());
}

Eigenpairs lowest_general(const Matrix& matrix, Index count, double shift) {
  const Index size = matrix.rows();
  if (size <= small) {
    const auto all = general_eigen(matrix);
    if (!all) give_up("the QR iteration did not converge", size);
    return sorted(all->values, all->vectors);
  }
  Matrix shifted = matrix;
  shifted.diagonal().array() -= shift;
  return iterate(factorise(shifted), size, count, shift);
}

Eigenpairs lowest_general(const Eigen::SparseMatrix<double>& matrix, Index count, double shift) {
  const Index size = matrix.rows();
  if (size <= small) return lowest_general(Matrix(matrix), count, shift);
  Eigen::SparseMatrix<double> identity(size, size);
  identity.setIdentity();
  Eigen::SparseMatrix<double> shifted = matrix - shift * identity;
  shifted.makeCompressed();
  const auto factors = factorise(shifted);
  if (!factors) give_up("it could not be factorised", size);
  return iterate(*factors, size, count, shift);
}

}  // namespace umkehr
