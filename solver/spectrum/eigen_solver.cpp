// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/eigen_solver.hpp"

#include <Spectra/GenEigsSolver.h>
#include <Spectra/SymEigsSolver.h>
#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <Eigen/SparseLU>
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "grids/dense_matrix.hpp"

namespace umkehr {
namespace {

using Eigen::Index;
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr Index small = 60;          // below it, all eigenvalues at once
constexpr double tolerance = 1e-14;  // relative, of the eigenvalues of the inverse
constexpr Index most_restarts = 1000;

[[noreturn]] void give_up(const char* what, Index size) {
  throw EigenFailure("the eigenvalues of a matrix of " + std::to_string(size) + " unknowns: " + what);
}

/// (A - shift)^-1 as Spectra wants it, whatever factorised A - shift.
class ShiftedInverse {
 public:
  using Scalar = double;
  using Solve = std::function<Vector(const Vector&)>;
  ShiftedInverse(Solve solve, Index size) : solve_(std::move(solve)), size_(size) {}
  Index rows() const { return size_; }
  Index cols() const { return size_; }
  void perform_op(const double* in, double* out) const {
    Eigen::Map<Vector>(out, size_) = solve_(Eigen::Map<const Vector>(in, size_));
  }

 private:
  Solve solve_;
  Index size_;
};

/// Vectors that the iteration keeps: enough for a good restart.
Index subspace(Index count, Index size) {
  return std::min(size, std::max<Index>(2 * count + 10, 30));
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

Eigenpairs iterate(ShiftedInverse inverse, Index count, double shift) {
  const Index size = inverse.rows(), wanted = std::min(size - 2, 2 * count + 4);
  Spectra::GenEigsSolver<ShiftedInverse> solver(inverse, wanted, subspace(wanted, size));
  solver.init();
  solver.compute(Spectra::SortRule::LargestMagn, most_restarts, tolerance);
  if (solver.info() != Spectra::CompInfo::Successful) give_up("Arnoldi's iteration did not converge", size);
  const Eigen::VectorXcd values = shift + solver.eigenvalues().array().inverse();
  return sorted(values, solver.eigenvectors());
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
    const SymmetricEigen all = symmetric_eigen(matrix);
    return sorted(all.values.cast<std::complex<double>>(), all.vectors.cast<std::complex<double>>())
        .first(count);
  }
  Matrix shifted = matrix;
  shifted.diagonal().array() -= shift;
  const Eigen::LLT<Matrix> factors(shifted);
  if (factors.info() != Eigen::Success) give_up("it has some below the shift", size);
  ShiftedInverse inverse([&](const Vector& x) -> Vector { return factors.solve(x); }, size);
  Spectra::SymEigsSolver<ShiftedInverse> solver(inverse, count, subspace(count, size));
  solver.init();
  solver.compute(Spectra::SortRule::LargestMagn, most_restarts, tolerance);
  if (solver.info() != Spectra::CompInfo::Successful) give_up("Lanczos's iteration did not converge", size);
  const Vector values = shift + solver.eigenvalues().array().inverse();
  return sorted(values.cast<std::complex<double>>(), solver.eigenvectors().cast<std::complex<double>>());
}

Eigenpairs lowest_general(const Matrix& matrix, Index count, double shift) {
  const Index size = matrix.rows();
  if (size <= small) {
    const Eigen::EigenSolver<Matrix> all(matrix);
    if (all.info() != Eigen::Success) give_up("the QR iteration did not converge", size);
    return sorted(all.eigenvalues(), all.eigenvectors());
  }
  Matrix shifted = matrix;
  shifted.diagonal().array() -= shift;
  const Eigen::PartialPivLU<Matrix> factors(shifted);
  return iterate({[&](const Vector& x) -> Vector { return factors.solve(x); }, size}, count, shift);
}

Eigenpairs lowest_general(const Eigen::SparseMatrix<double>& matrix, Index count, double shift) {
  const Index size = matrix.rows();
  if (size <= small) return lowest_general(Matrix(matrix), count, shift);
  Eigen::SparseMatrix<double> identity(size, size);
  identity.setIdentity();
  Eigen::SparseMatrix<double> shifted = matrix - shift * identity;
  shifted.makeCompressed();
  const Eigen::SparseLU<Eigen::SparseMatrix<double>> factors(shifted);
  if (factors.info() != Eigen::Success) give_up("it could not be factorised", size);
  return iterate({[&](const Vector& x) -> Vector { return factors.solve(x); }, size}, count, shift);
}

}  // namespace umkehr
