// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/process.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace umkehr {

namespace {

bool changes(const Coefficient& coefficient) {
  return coefficient.depends_on_time();
}

/// d_k f by central differences of order 6, for a C++ function.
double difference(const Coefficient& f, std::span<const double> x, double t, std::size_t k) {
  constexpr double weight[] = {3.0 / 4, -3.0 / 20, 1.0 / 60};
  const double step = 1e-3 * (1 + std::abs(x[k]));
  std::vector<double> moved(x.begin(), x.end());
  double sum = 0;
  for (int n = 1; n <= 3; ++n) {
    moved[k] = x[k] + n * step;
    const double right = f(moved, t);
    moved[k] = x[k] - n * step;
    sum += weight[n - 1] * (right - f(moved, t));
  }
  return sum / step;
}

}  // namespace

bool Process::depends_on_time() const {
  return std::any_of(drift.begin(), drift.end(), changes) ||
         std::any_of(diffusion.begin(), diffusion.end(), changes) || changes(killing);
}

Coefficient divergence(const Process& process) {
  const std::size_t d = process.dimension();
  Formula sum = Formula::constant(0, d);
  std::vector<std::size_t> functions;
  for (std::size_t k = 0; k < d; ++k) {
    const Formula* drift = process.drift[k].formula();
    if (!drift)
      functions.push_back(k);
    else if (drift->dimension() > k)
      sum = sum + drift->derivative(k);
  }
  if (functions.empty()) return sum;
  const auto drift = std::make_shared<const std::vector<Coefficient>>(process.drift);
  return Coefficient::Function([sum, functions, drift](std::span<const double> x, double t) {
    double total = sum(x, t);
    for (const std::size_t k : functions) total += difference((*drift)[k], x, t, k);
    return total;
  });
}

}  // namespace umkehr
