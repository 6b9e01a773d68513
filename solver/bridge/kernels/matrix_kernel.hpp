// SPDX-License-Identifier: GPL-3.0-or-later
// A kernel given as the matrix of ln (G(y_j | x_i) dV), for one axis or any small grid. Sums are taken of doubles,
//   A_ij = exp(ln K_ij + g_j - r_i),  v = exp(ln chi - g),  ln chi(x_i) = r_i + ln sum_j A_ij v_j,
// where g are potentials absorbed into the matrix and r_i makes the largest entry, or the sum, of a row one (scaling with
// absorption: Schmitzer, SIAM J. Sci. Comput. 41 (2019) A1443). While the exponents of all rows span less than 650 with
// g = 0, nothing that counts can underflow and nothing is absorbed; else potentials are absorbed anew when they have
// moved by more than 40. A row or column whose sum would leave the range of doubles is summed on logarithms.
// A sweep reads each row once, for K v and K^T u together. Rows are summed in fixed blocks.
#pragma once

#include <memory>
#include <vector>

#include "grids/machine/lane_buffer.hpp"
#include "solver/bridge/kernels/kernel.hpp"

namespace umkehr {

class MatrixKernel : public Kernel {
 public:
  /// `log_matrix` is (x, y) in C order and holds ln dV too. Throws UnfitProblem for another size or for values
  /// that are not numbers.
  MatrixKernel(const Grid& grid, std::vector<double> log_matrix);

  void apply(std::span<const double> log_chi, std::span<double> out) override;
  void apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) override;
  void sweep(std::span<const double> log_initial, std::span<const double> log_chi_final,
             std::span<double> log_chi_initial, std::span<double> log_chi_hat_final) override;
  std::size_t memory() const override;
  /// Bytes of a kernel of so many cells.
  static std::size_t memory(std::size_t cells);

 protected:
  std::span<const double> log_row(std::size_t i) const { return {&log_matrix_[i * size()], size()}; }

 private:
  void absorb_nothing();
  void absorb(std::span<const double> log_chi);
  void fill_columns(const std::vector<std::size_t>& columns);
  void exponentiate();
  double load(std::span<const double> log_chi);
  void finish_columns(double shift, std::span<const double> log_chi_hat, std::span<double> out);
  double log_row_sum(std::size_t i, std::span<const double> log_chi) const;
  double log_column_sum(std::size_t j, std::span<const double> log_chi_hat) const;
  template <class Weights>
  void columns(const Weights& weights_of);

  std::vector<double> log_matrix_;
  std::size_t pitch_;
  LaneBuffer scaled_;               // A
  LaneBuffer absorbed_;             // g
  std::vector<double> row_log_;     // r
  bool everything_counts_ = false;  // no exponent spans more than doubles do
  LaneBuffer v_, partial_, sums_;
};

}  // namespace umkehr
