// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/derivative.hpp"

#include <cmath>
#include <vector>

namespace umkehr {
namespace {

// Central differences of order 6: of f(n h), n = 1..3, odd and even part.
constexpr double slope_weight[] = {3.0 / 4, -3.0 / 20, 1.0 / 60};
constexpr double curvature_weight[] = {3.0 / 2, -3.0 / 20, 1.0 / 90}, curvature_centre = -49.0 / 18;
constexpr double slope_step = 1e-3, curvature_step = 1e-2;

template <class Value>
double slope(const Value& f, double h) {
  double sum = 0;
  for (int n = 1; n <= 3; ++n) sum += slope_weight[n - 1] * (f(n * h) - f(-n * h));
  return sum / h;
}

template <class Value>
double curvature(const Value& f, double h) {
  double sum = curvature_centre * f(0.0);
  for (int n = 1; n <= 3; ++n) sum += curvature_weight[n - 1] * (f(n * h) + f(-n * h));
  return sum / (h * h);
}

/// f along axis k through x.
auto along(const Coefficient& f, std::span<const double> x, double t, std::size_t k) {
  return [&f, t, k, x = std::vector<double>(x.begin(), x.end())](double moved) mutable {
    const double at = x[k];
    x[k] += moved;
    const double value = f(x, t);
    x[k] = at;
    return value;
  };
}

}  // namespace

Coefficient derivative(const Coefficient& f, std::size_t axis) {
  if (const Formula* formula = f.formula())
    return axis < formula->dimension() ? Coefficient(formula->derivative(axis)) : Coefficient(0.0);
  return Coefficient::Function([f, axis](std::span<const double> x, double t) {
    auto value = along(f, x, t, axis);
    return slope([&](double moved) { return value(moved); }, slope_step * (1 + std::abs(x[axis])));
  });
}

Coefficient second_derivative(const Coefficient& f, std::size_t axis) {
  if (f.formula()) return derivative(derivative(f, axis), axis);
  return Coefficient::Function([f, axis](std::span<const double> x, double t) {
    auto value = along(f, x, t, axis);
    return curvature([&](double moved) { return value(moved); }, curvature_step * (1 + std::abs(x[axis])));
  });
}

Coefficient time_derivative(const Coefficient& f) {
  if (const Formula* formula = f.formula()) return formula->time_derivative();
  return Coefficient::Function([f](std::span<const double> x, double t) {
    return slope([&](double moved) { return f(x, t + moved); }, slope_step * (1 + std::abs(t)));
  });
}

}  // namespace umkehr
