// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/path/lagrangian.hpp"

#include <cmath>
#include <stdexcept>

namespace umkehr {
namespace {

/// d_l f: exact, or by central differences of order 6, wide enough to be taken twice.
Coefficient derivative(const Coefficient& f, std::size_t axis) {
  if (const Formula* formula = f.formula())
    return axis < formula->dimension() ? Coefficient(formula->derivative(axis)) : Coefficient(0.0);
  return Coefficient::Function([f, axis](std::span<const double> x, double t) {
    constexpr double weight[] = {3.0 / 4, -3.0 / 20, 1.0 / 60};
    const double step = 1e-2 * (1 + std::abs(x[axis]));
    std::vector<double> moved(x.begin(), x.end());
    double sum = 0;
    for (int n = 1; n <= 3; ++n) {
      moved[axis] = x[axis] + n * step;
      const double right = f(moved, t);
      moved[axis] = x[axis] - n * step;
      sum += weight[n - 1] * (right - f(moved, t));
    }
    return sum / step;
  });
}

Coefficient half(const Coefficient& f) {
  if (const Formula* formula = f.formula()) return *formula * Formula::constant(0.5, formula->dimension());
  return Coefficient::Function([f](std::span<const double> x, double t) { return 0.5 * f(x, t); });
}

const Process& checked_process(const Process& process) {
  if (process.dimension() < 1 || process.dimension() > 3 || process.diffusion.size() != process.dimension())
    throw std::invalid_argument("a path has one to three dimensions, with one D for each");
  return process;
}

}  // namespace

Lagrangian::Jet Lagrangian::jet(const Coefficient& f, std::size_t dimension) {
  Jet made{f, {}, {}};
  for (std::size_t l = 0; l < dimension; ++l) {
    made.slope.push_back(derivative(f, l));
    made.curvature.emplace_back();
    for (std::size_t m = 0; m <= l; ++m) made.curvature.back().push_back(derivative(made.slope[l], m));
  }
  return made;
}

Lagrangian::Lagrangian(const Process& process, bool with_divergence)
    : process_(checked_process(process)),
      with_divergence_(with_divergence),
      half_divergence_(
          jet(with_divergence ? half(divergence(process)) : Coefficient(0.0), process.dimension())),
      killing_(jet(process.killing, process.dimension())) {
  for (const Coefficient& f : process.drift) drift_.push_back(jet(f, process.dimension()));
}

LagrangianValue Lagrangian::value(std::span<const double> x, std::span<const double> v, double t) const {
  LagrangianValue at;
  for (std::size_t k = 0; k < dimension(); ++k) {
    const double d = process_.diffusion[k](t), noise = v[k] - drift_[k].value(x, t);
    if (!(d > 0))
      throw std::domain_error("a path's action needs D > 0; it is not at t = " + std::to_string(t));
    at.momentum[k] = noise / d;
    at.vv[k] = 1 / d;
    at.kinetic += noise * noise / (2 * d);
  }
  at.divergence = half_divergence_.value(x, t);
  at.killing = killing_.value(x, t);
  return at;
}

LagrangianValue Lagrangian::with_derivatives(std::span<const double> x, std::span<const double> v,
                                             double t) const {
  LagrangianValue at = value(x, v, t);
  const std::size_t d = dimension();
  LagrangianValue::Matrix slope{};  // d_l F_k
  for (std::size_t k = 0; k < d; ++k)
    for (std::size_t l = 0; l < d; ++l) {
      slope[k][l] = drift_[k].slope[l](x, t);
      at.vx[k][l] = -slope[k][l] * at.vv[k];
      at.force[l] -= at.momentum[k] * slope[k][l];
    }
  for (std::size_t l = 0; l < d; ++l) {
    at.force[l] += half_divergence_.slope[l](x, t) + killing_.slope[l](x, t);
    for (std::size_t m = 0; m <= l; ++m) {
      double sum = half_divergence_.curvature[l][m](x, t) + killing_.curvature[l][m](x, t);
      for (std::size_t k = 0; k < d; ++k)
        sum += slope[k][l] * slope[k][m] * at.vv[k] - at.momentum[k] * drift_[k].curvature[l][m](x, t);
      at.xx[l][m] = at.xx[m][l] = sum;
    }
  }
  return at;
}

}  // namespace umkehr
