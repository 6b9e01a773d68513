// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/schroedinger_system.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace umkehr {
namespace {

constexpr double zero = -std::numeric_limits<double>::infinity();

std::vector<double> logarithm(std::span<const double> density) {
  std::vector<double> out(density.size());
  for (std::size_t i = 0; i < density.size(); ++i) out[i] = density[i] > 0 ? std::log(density[i]) : zero;
  return out;
}

/// ln (P / other), nought where P is.
void quotient(std::span<const double> log_density, std::span<const double> other, std::span<double> out) {
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = log_density[i] == zero ? zero : log_density[i] - other[i];
}

/// int |exp(log_chi + log_chi_hat) - P|
double error_of(const Grid& grid, std::span<const double> density, std::span<const double> log_chi,
                std::span<const double> log_chi_hat) {
  double sum = 0;
  for (std::size_t i = 0; i < density.size(); ++i) {
    const double log = log_chi[i] + log_chi_hat[i];
    sum += std::abs((log_chi[i] == zero || log_chi_hat[i] == zero ? 0 : std::exp(log)) - density[i]);
  }
  return sum * grid.cell_volume();
}

/// int P f where P > 0
double mean(const Grid& grid, std::span<const double> density, std::span<const double> f) {
  double sum = 0;
  for (std::size_t i = 0; i < density.size(); ++i)
    if (density[i] > 0) sum += density[i] * f[i];
  return sum * grid.cell_volume();
}

}  // namespace

SchroedingerSolution solve_schroedinger_system(Kernel& kernel, const Grid& grid,
                                               std::span<const double> initial, std::span<const double> final,
                                               const SchroedingerChoices& choices,
                                               const std::function<void(double)>& progress) {
  const std::size_t size = grid.size();
  const std::vector<double> log_initial = logarithm(initial), log_final = logarithm(final);
  SchroedingerSolution s;
  s.log_chi_initial.assign(size, 0.0);
  s.log_chi_hat_initial = s.log_chi_hat_final = s.log_chi_initial;
  s.log_chi_final.assign(size, 0.0);
  for (;;) {
    kernel.apply(s.log_chi_final, s.log_chi_initial);
    if (s.iterations > 0) {
      s.marginal_error = error_of(grid, initial, s.log_chi_initial, s.log_chi_hat_initial);
      if (progress) progress(std::min(1.0, std::log(s.marginal_error) / std::log(choices.tolerance)));
      if (s.marginal_error <= choices.tolerance) break;
      if (s.iterations >= choices.most_iterations)
        throw NotConverged("the marginals are off by " + std::to_string(s.marginal_error));
    }
    quotient(log_initial, s.log_chi_initial, s.log_chi_hat_initial);
    kernel.apply_transpose(s.log_chi_hat_initial, s.log_chi_hat_final);
    quotient(log_final, s.log_chi_hat_final, s.log_chi_final);
    ++s.iterations;
  }
  const double gauge = mean(grid, initial, s.log_chi_initial);
  for (auto* f : {&s.log_chi_initial, &s.log_chi_final})
    for (double& value : *f) value -= gauge;
  for (auto* f : {&s.log_chi_hat_initial, &s.log_chi_hat_final})
    for (double& value : *f) value += gauge;
  s.divergence = mean(grid, final, s.log_chi_final);
  return s;
}

}  // namespace umkehr
