// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/derivative.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace umkehr {
namespace {

// Central differences of order 6: of f(n h), n = 1..3, odd and even part.
constexpr double slope_weight[] = {3.0 / 4, -3.0 / 20, 1.0 / 60};
constexpr double curvature_weight[] = {3.0 / 2, -3.0 / 20, 1.0 / 90}, curvature_centre = -49.0 / 18;
constexpr double slope_step = 1e-3, curvature_step = 1e-2;

/// Values of f at steps h along axis k from points.
class Along {
 public:
  Along(const Coefficient& f, const Points& x, double t, std::size_t k, double step)
      : f_(f), moved_(x), at_(x[k].begin(), x[k].end()), step_(at_.size()), t_(t), k_(k) {
    for (std::size_t i = 0; i < at_.size(); ++i) step_[i] = step * (1 + std::abs(at_[i]));
  }
  void operator()(int n, std::span<double> out) {
    for (std::size_t i = 0; i < at_.size(); ++i) moved_[k_][i] = at_[i] + n * step_[i];
    f_(moved_, t_, out);
  }
  double step(std::size_t i) const { return step_[i]; }

 private:
  const Coefficient& f_;
  Points moved_;
  std::vector<double> at_, step_;
  double t_;
  std::size_t k_;
};

/// At the same points, but other times.
class OverTime {
 public:
  OverTime(const Coefficient& f, const Points& x, double t)
      : f_(f), x_(x), t_(t), step_(slope_step * (1 + std::abs(t))) {}
  void operator()(int n, std::span<double> out) { f_(x_, t_ + n * step_, out); }
  double step(std::size_t) const { return step_; }

 private:
  const Coefficient& f_;
  const Points& x_;
  double t_, step_;
};

template <class Values>
void slope(Values values, std::span<double> out) {
  std::vector<double> right(out.size()), left(out.size());
  std::fill(out.begin(), out.end(), 0.0);
  for (int n = 1; n <= 3; ++n) {
    values(n, right);
    values(-n, left);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += slope_weight[n - 1] * (right[i] - left[i]);
  }
  for (std::size_t i = 0; i < out.size(); ++i) out[i] /= values.step(i);
}

template <class Values>
void curvature(Values values, std::span<double> out) {
  std::vector<double> right(out.size()), left(out.size());
  values(0, out);
  for (double& value : out) value *= curvature_centre;
  for (int n = 1; n <= 3; ++n) {
    values(n, right);
    values(-n, left);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += curvature_weight[n - 1] * (right[i] + left[i]);
  }
  for (std::size_t i = 0; i < out.size(); ++i) out[i] /= values.step(i) * values.step(i);
}

}  // namespace

Coefficient derivative(const Coefficient& f, std::size_t axis) {
  if (const Formula* formula = f.formula())
    return axis < formula->dimension() ? Coefficient(formula->derivative(axis)) : Coefficient(0.0);
  return Coefficient::Function([f, axis](const Points& x, double t, std::span<double> out) {
    slope(Along(f, x, t, axis, slope_step), out);
  });
}

Coefficient second_derivative(const Coefficient& f, std::size_t axis) {
  if (f.formula()) return derivative(derivative(f, axis), axis);
  return Coefficient::Function([f, axis](const Points& x, double t, std::span<double> out) {
    curvature(Along(f, x, t, axis, curvature_step), out);
  });
}

Coefficient time_derivative(const Coefficient& f) {
  if (const Formula* formula = f.formula()) return formula->time_derivative();
  return Coefficient::Function(
      [f](const Points& x, double t, std::span<double> out) { slope(OverTime(f, x, t), out); });
}

}  // namespace umkehr
