// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/kernels/kernel.hpp"

#include <cmath>
#include <limits>

#include "solver/bridge/kernels/log_gradient.hpp"

namespace umkehr {

void log_quotient(std::span<const double> log_density, std::span<const double> log_chi,
                  std::span<double> out) {
  constexpr double log_zero = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = log_density[i] == log_zero || log_chi[i] == log_zero ? log_zero : log_density[i] - log_chi[i];
}

void Kernel::log_row(std::size_t i, std::span<double> out) {
  std::vector<double> point(size(), -std::numeric_limits<double>::infinity());
  point[i] = -std::log(grid_.cell_volume());
  apply_transpose(point, out);
}

void Kernel::sweep(std::span<const double> log_initial, std::span<const double> log_chi_final,
                   std::span<double> log_chi_initial, std::span<double> log_chi_hat_final) {
  apply(log_chi_final, log_chi_initial);
  std::vector<double> log_chi_hat(size());
  log_quotient(log_initial, log_chi_initial, log_chi_hat);
  apply_transpose(log_chi_hat, log_chi_hat_final);
}

void Kernel::apply_with_gradient(std::span<const double> log_chi, std::span<double> out, Gradient gradient) {
  apply(log_chi, out);
  for (std::size_t k = 0; k < grid().dimension(); ++k) log_gradient(grid(), out, k, gradient[k]);
}

void Kernel::apply_transpose_with_gradient(std::span<const double> log_chi_hat, std::span<double> out,
                                           Gradient gradient) {
  apply_transpose(log_chi_hat, out);
  for (std::size_t k = 0; k < grid().dimension(); ++k) log_gradient(grid(), out, k, gradient[k]);
}

}  // namespace umkehr
