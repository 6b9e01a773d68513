// SPDX-License-Identifier: GPL-3.0-or-later
// The transition density G(x_f, stop | x_i, start) of a reference process between two times (2.30, 2.33), seen only
// through the two integrals of the Schroedinger system (3.28),
//   chi(x_i, start) = int dx_f G(x_f | x_i) chi(x_f, stop)  and its transpose
//   chi_hat(x_f, stop) = int dx_i G(x_f | x_i) chi_hat(x_i, start),
// on logarithms of values at the cell centres, -infinity for zero, so that nothing underflows.
#pragma once

#include <cstddef>
#include <span>

namespace umkehr {

class Kernel {
 public:
  virtual ~Kernel() = default;
  /// Cells of the grid, at both ends.
  virtual std::size_t size() const = 0;
  /// ln chi at `start` from ln chi at `stop`.
  virtual void apply(std::span<const double> log_chi, std::span<double> out) = 0;
  /// ln chi_hat at `stop` from ln chi_hat at `start`.
  virtual void apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) = 0;
  /// out_k = ln G(x_k | x_i).
  virtual void log_row(std::size_t i, std::span<double> out) = 0;
};

}  // namespace umkehr
