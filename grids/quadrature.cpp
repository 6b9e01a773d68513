// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/quadrature.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace umkehr {
namespace {

/// sum_i term(i), halved again and again so that roundoff grows with the logarithm of the length only.
template <class Term>
double sum(std::size_t first, std::size_t last, const Term& term) {
  if (last - first <= 64) {
    double total = 0;
    for (std::size_t i = first; i < last; ++i) total += term(i);
    return total;
  }
  const std::size_t middle = first + (last - first) / 2;
  return sum(first, middle, term) + sum(middle, last, term);
}

}  // namespace

double integral(const Grid& grid, std::span<const double> f) {
  return grid.cell_volume() * sum(0, f.size(), [&](std::size_t i) { return f[i]; });
}

double norm_l1(const Grid& grid, std::span<const double> f) {
  return grid.cell_volume() * sum(0, f.size(), [&](std::size_t i) { return std::abs(f[i]); });
}

double norm_l2(const Grid& grid, std::span<const double> f) {
  return std::sqrt(grid.cell_volume() * sum(0, f.size(), [&](std::size_t i) { return f[i] * f[i]; }));
}

double norm_max(std::span<const double> f) {
  double most = 0;
  for (const double value : f) {
    if (std::isnan(value)) return value;
    most = std::max(most, std::abs(value));
  }
  return most;
}

double relative_l1(std::span<const double> f, std::span<const double> g) {
  return sum(0, g.size(), [&](std::size_t i) { return std::abs(f[i] - g[i]); }) /
         sum(0, g.size(), [&](std::size_t i) { return std::abs(g[i]); });
}

double weighted_relative_l2(std::span<const double> density, std::span<const double> f,
                            std::span<const double> g, double trusted) {
  const double least = trusted * *std::max_element(density.begin(), density.end());
  const auto weight = [&](std::size_t i) { return density[i] > least ? density[i] : 0.0; };
  const auto square = [](double a) { return a * a; };
  return std::sqrt(
      sum(0, g.size(), [&](std::size_t i) { return weight(i) > 0 ? weight(i) * square(f[i] - g[i]) : 0.0; }) /
      sum(0, g.size(), [&](std::size_t i) { return weight(i) > 0 ? weight(i) * square(g[i]) : 0.0; }));
}

double entropy(const Grid& grid, std::span<const double> density) {
  return -grid.cell_volume() * sum(0, density.size(), [&](std::size_t i) {
    return density[i] > 0 ? density[i] * std::log(density[i]) : 0.0;
  });
}

double relative_entropy(const Grid& grid, std::span<const double> p, std::span<const double> q) {
  return grid.cell_volume() * sum(0, p.size(), [&](std::size_t i) {
           if (!(p[i] > 0)) return 0.0;
           return q[i] > 0 ? p[i] * std::log(p[i] / q[i]) : std::numeric_limits<double>::infinity();
         });
}

}  // namespace umkehr
