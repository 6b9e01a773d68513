// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/sums_error.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "grids/machine/infinity.hpp"
#include "solver/bridge/assembly.hpp"

namespace umkehr {
namespace {

constexpr double nothing_to_learn = 0.5;  // from sums that are off by as much
constexpr double of_doubles = 1e-15;
constexpr double min_power = 2,
                 max_power = 3;  // of exp(-c/h), and on the way to exp(-c/h^2), whose power is 4

bool is_kept(const Grid& grid, std::size_t cell, std::size_t n) {
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    if (cell / grid.stride(k) % grid.axis(k).points % n != n / 2) return false;
  return true;
}

/// Of every n-th cell along each axis, of so many times the weight.
std::vector<double> thinned_out(const Grid& grid, const std::vector<double>& log_chi, std::size_t n) {
  std::vector<double> out = log_chi;
  const double weight = static_cast<double>(grid.dimension()) * std::log(static_cast<double>(n));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = is_kept(grid, i, n) ? out[i] + weight : log_zero;
  return out;
}

/// From `off`(n), by how much sums over every n-th cell are off.
template <class Off>
double error_from(const Off& off) {
  const double second = off(2);
  if (second * second < of_doubles) return second * second;
  const double third = off(3);
  // ln off(n) falls like 1/n or 1/n^2, and so ln off(2) is 3/2 or 9/4 of ln off(3).
  const double power = second < third && third < nothing_to_learn
                           ? std::pow(2, std::log(std::log(second) / std::log(third)) / std::log(1.5))
                           : min_power;
  return std::pow(second, std::clamp(power, min_power, max_power));
}

/// Of `apply` to `log_chi`, on average over the density P that what it gives and `log_other` are the factors of, and of that
/// average of its logarithm.
template <class Apply>
double error_of(const Grid& grid, const Apply& apply, const std::vector<double>& log_chi,
                const std::vector<double>& log_other) {
  std::vector<double> all(grid.size()), thin(grid.size()), mass(grid.size());
  apply(log_chi, all);
  for (std::size_t i = 0; i < all.size(); ++i)
    mass[i] = product_of(all[i], log_other[i]) * grid.cell_volume();
  const double of_apply = error_from([&](std::size_t n) {
    apply(thinned_out(grid, log_chi, n), thin);
    double sum = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (mass[i] > 0) sum += mass[i] * std::abs(std::expm1(thin[i] - all[i]));
    return sum;
  });
  double size = 1;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (mass[i] > 0) size += mass[i] * std::abs(all[i]);
  const double of_mean = error_from([&](std::size_t n) {
    const double weight = std::pow(static_cast<double>(n), static_cast<double>(grid.dimension()));
    double sum = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (mass[i] > 0) sum += mass[i] * all[i] * (is_kept(grid, i, n) ? weight - 1 : -1);
    return std::abs(sum) / size;
  });
  return of_apply + size * of_mean;
}

}  // namespace

double error_of_sums(Kernel& kernel, const SchroedingerSolution& solution) {
  const auto to_start = [&](std::span<const double> in, std::span<double> out) { kernel.apply(in, out); };
  const auto to_stop = [&](std::span<const double> in, std::span<double> out) {
    kernel.apply_transpose(in, out);
  };
  return error_of(kernel.grid(), to_start, solution.log_chi_final, solution.log_chi_hat_initial) +
         error_of(kernel.grid(), to_stop, solution.log_chi_hat_initial, solution.log_chi_final);
}

}  // namespace umkehr
