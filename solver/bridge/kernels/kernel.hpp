// SPDX-License-Identifier: GPL-3.0-or-later
// The transition density G(x_f, stop | x_i, start) of a reference process between two times (2.30, 2.33), seen only
// through the two integrals of the Schroedinger system (3.28),
//   chi(x_i, start) = int dx_f G(x_f | x_i) chi(x_f, stop)  and its transpose
//   chi_hat(x_f, stop) = int dx_i G(x_f | x_i) chi_hat(x_i, start)  (2.5),
// on logarithms of values at the cell centres, -infinity for zero, so that nothing underflows.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "grids/grid.hpp"

namespace umkehr {

class Kernel {
 public:
  explicit Kernel(Grid grid) : grid_(std::move(grid)) {}
  virtual ~Kernel() = default;

  const Grid& grid() const { return grid_; }
  /// Cells of the grid, at both ends.
  std::size_t size() const { return grid_.size(); }

  /// ln chi at `start` from ln chi at `stop`. `out` must not overlap the input, here and below.
  virtual void apply(std::span<const double> log_chi, std::span<double> out) = 0;
  /// ln chi_hat at `stop` from ln chi_hat at `start`.
  virtual void apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) = 0;

  /// out_k = ln G(x_k | x_i). By default one application of the transpose.
  virtual void log_row(std::size_t i, std::span<double> out);

  /// Both, the second from P_i / chi: ln chi at `start`, then ln chi_hat at `stop` from ln chi_hat = ln P_i - ln chi.
  virtual void sweep(std::span<const double> log_initial, std::span<const double> log_chi_final,
                     std::span<double> log_chi_initial, std::span<double> log_chi_hat_final);

  /// d_k of the result, one array an axis: `gradient[k]` has the grid's size. Zero where the result is -infinity.
  /// By default the derivative of polynomials of degree 8 through neighbours (log_gradient.hpp).
  using Gradient = std::span<const std::span<double>>;
  virtual void apply_with_gradient(std::span<const double> log_chi, std::span<double> out, Gradient gradient);
  virtual void apply_transpose_with_gradient(std::span<const double> log_chi_hat, std::span<double> out,
                                             Gradient gradient);

  /// Bytes that it holds.
  virtual std::size_t memory() const = 0;
  /// Estimated, of D_KL(H* || G) of the bridge that it was last used for.
  virtual double divergence_error() const { return 0; }
  /// What a user should know of this kernel, so far as it was used; each with a number and a remedy.
  virtual std::vector<std::string> warnings() const { return {}; }

 private:
  Grid grid_;
};

/// ln P - ln chi, -infinity where P is zero, whatever chi is there, and where chi is: nothing leads there.
void log_quotient(std::span<const double> log_density, std::span<const double> log_chi,
                  std::span<double> out);

}  // namespace umkehr
