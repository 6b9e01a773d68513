// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/paths/lagrangian.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "grids/failure.hpp"

namespace umkehr {
namespace {

/// d_l f: exact, or by central differences of order 6, wide enough to be taken twice.
Coefficient derivative(const Coefficient& f, std::size_t axis) {
  if (const Formula* formula = f.formula())
    return axis < formula->dimension() ? Coefficient(formula->derivative(axis)) : Coefficient(0.0);
  return Coefficient::Function([f, axis](const Points& x, double t, std::span<double> out) {
    constexpr double weight[] = {3.0 / 4, -3.0 / 20, 1.0 / 60};
    const auto step = [&](std::size_t i) { return 1e-2 * (1 + std::abs(x[axis][i])); };
    Points moved = x;
    std::vector<double> right(out.size()), left(out.size());
    std::fill(out.begin(), out.end(), 0.0);
    for (int n = 1; n <= 3; ++n) {
      for (std::size_t i = 0; i < out.size(); ++i) moved[axis][i] = x[axis][i] + n * step(i);
      f(moved, t, right);
      for (std::size_t i = 0; i < out.size(); ++i) moved[axis][i] = x[axis][i] - n * step(i);
      f(moved, t, left);
      for (std::size_t i = 0; i < out.size(); ++i) out[i] += weight[n - 1] * (right[i] - left[i]);
    }
    for (std::size_t i = 0; i < out.size(); ++i) out[i] /= step(i);
  });
}

Coefficient half(const Coefficient& f) {
  if (const Formula* formula = f.formula()) return *formula * Formula::constant(0.5, formula->dimension());
  return Coefficient::Function([f](const Points& x, double t, std::span<double> out) {
    f(x, t, out);
    for (double& value : out) value *= 0.5;
  });
}

const Process& checked_process(const Process& process) {
  if (process.dimension() < 1 || process.dimension() > 3 || process.diffusion.size() != process.dimension())
    throw UnfitProblem("a path has one to three dimensions, with one D for each");
  return process;
}

/// In one batch where time does not matter.
void evaluate(const Coefficient& f, const Points& x, std::span<const double> t, std::span<double> out) {
  if (const std::optional<double> value = f.constant_value())
    return std::fill(out.begin(), out.end(), *value);
  if (!f.depends_on_time()) return f(x, t.front(), out);
  std::vector<double> point(x.dimension());
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (std::size_t k = 0; k < point.size(); ++k) point[k] = x[k][i];
    out[i] = f(point, t[i]);
  }
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

Lagrangian::Lagrangian(const Process& process, bool with_divergence, std::optional<Grid> grid)
    : process_(checked_process(process)),
      with_divergence_(with_divergence),
      grid_(std::move(grid)),
      half_divergence_(
          jet(with_divergence ? half(divergence(process)) : Coefficient(0.0), process.dimension())),
      killing_(jet(process.killing, process.dimension())) {
  for (const Coefficient& f : process.drift) drift_.push_back(jet(f, process.dimension()));
}

LagrangianValue::Vector Lagrangian::diffusion(double t) const {
  LagrangianValue::Vector d{};
  for (std::size_t k = 0; k < dimension(); ++k) {
    d[k] = process_.diffusion[k](t);
    if (!(d[k] > 0)) throw UnfitProblem("a path's action needs D > 0; it is not at t = " + std::to_string(t));
  }
  return d;
}

Points Lagrangian::within(Points x) const {
  for (std::size_t k = 0; grid_ && k < x.dimension(); ++k) {
    const Axis& axis = grid_->axis(k);
    if (axis.boundary != Boundary::periodic) continue;
    for (double& place : x[k]) place -= axis.length() * std::floor((place - axis.from) / axis.length());
  }
  return x;
}

Lagrangian::Fields Lagrangian::fields(const Points& x, double t) const {
  const Points inside = within(x);
  Fields fields{std::vector(dimension(), std::vector<double>(x.count())), std::vector<double>(x.count())};
  for (std::size_t k = 0; k < dimension(); ++k) drift_[k].value(inside, t, fields.drift[k]);
  std::vector<double> killing(x.count());
  half_divergence_.value(inside, t, fields.rest);
  killing_.value(inside, t, killing);
  for (std::size_t i = 0; i < killing.size(); ++i) fields.rest[i] += killing[i];
  return fields;
}

std::vector<LagrangianValue> Lagrangian::values_within(const Points& x, const Points& v,
                                                       std::span<const double> t) const {
  std::vector<LagrangianValue> all(t.size());
  std::vector<double> some(t.size());
  for (std::size_t i = 0; i < t.size(); ++i) {
    const LagrangianValue::Vector d = diffusion(t[i]);
    for (std::size_t k = 0; k < dimension(); ++k) all[i].vv[k] = 1 / d[k];
  }
  for (std::size_t k = 0; k < dimension(); ++k) {
    evaluate(drift_[k].value, x, t, some);
    for (std::size_t i = 0; i < t.size(); ++i) {
      const double noise = v[k][i] - some[i];
      all[i].momentum[k] = noise * all[i].vv[k];
      all[i].kinetic += noise * noise * all[i].vv[k] / 2;
    }
  }
  evaluate(half_divergence_.value, x, t, some);
  for (std::size_t i = 0; i < t.size(); ++i) all[i].divergence = some[i];
  evaluate(killing_.value, x, t, some);
  for (std::size_t i = 0; i < t.size(); ++i) all[i].killing = some[i];
  return all;
}

std::vector<LagrangianValue> Lagrangian::values(const Points& x, const Points& v,
                                                std::span<const double> t) const {
  return values_within(within(x), v, t);
}

std::vector<LagrangianValue> Lagrangian::with_derivatives(const Points& place, const Points& v,
                                                          std::span<const double> t) const {
  const Points x = within(place);
  std::vector<LagrangianValue> all = values_within(x, v, t);
  const std::size_t d = dimension();
  std::vector<double> some(t.size());
  std::vector<LagrangianValue::Matrix> slopes(t.size());  // d_l F_k
  for (std::size_t k = 0; k < d; ++k)
    for (std::size_t l = 0; l < d; ++l) {
      evaluate(drift_[k].slope[l], x, t, some);
      for (std::size_t i = 0; i < t.size(); ++i) {
        slopes[i][k][l] = some[i];
        all[i].vx[k][l] = -some[i] * all[i].vv[k];
        all[i].force[l] -= all[i].momentum[k] * some[i];
      }
    }
  for (const Jet* jet : {&half_divergence_, &killing_})
    for (std::size_t l = 0; l < d; ++l) {
      evaluate(jet->slope[l], x, t, some);
      for (std::size_t i = 0; i < t.size(); ++i) all[i].force[l] += some[i];
    }
  for (std::size_t l = 0; l < d; ++l)
    for (std::size_t m = 0; m <= l; ++m) {
      for (const Jet* jet : {&half_divergence_, &killing_}) {
        evaluate(jet->curvature[l][m], x, t, some);
        for (std::size_t i = 0; i < t.size(); ++i) all[i].xx[l][m] += some[i];
      }
      for (std::size_t k = 0; k < d; ++k) {
        evaluate(drift_[k].curvature[l][m], x, t, some);
        for (std::size_t i = 0; i < t.size(); ++i)
          all[i].xx[l][m] += slopes[i][k][l] * slopes[i][k][m] * all[i].vv[k] - all[i].momentum[k] * some[i];
      }
      for (LagrangianValue& at : all) at.xx[m][l] = at.xx[l][m];
    }
  return all;
}

}  // namespace umkehr
