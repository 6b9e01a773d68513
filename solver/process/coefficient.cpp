// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/coefficient.hpp"

#include <utility>
#include <vector>

#include "grids/failure.hpp"

namespace umkehr {

Coefficient::Coefficient(double value) : formula_(Formula::constant(value, 0)) {}

Coefficient::Coefficient(Formula formula) : formula_(std::move(formula)) {}

Coefficient::Coefficient(Function function)
    : function_(std::make_shared<const Function>(std::move(function))) {
  if (!*function_) throw UnfitProblem("a coefficient is given by an empty function");
}

void Coefficient::operator()(const Points& x, double t, std::span<double> out) const {
  if (formula_) return (*formula_)(x, t, out);
  if (x.count() == out.size()) return (*function_)(x, t, out);
  if (x.dimension() != 0) throw UnfitProblem("a coefficient's values need as much room as there are points");
  (*function_)(Points(0, out.size()), t, out);
}

double Coefficient::operator()(std::span<const double> x, double t) const {
  if (formula_) return (*formula_)(x, t);
  Points point(x.size(), 1);
  for (std::size_t k = 0; k < x.size(); ++k) point[k][0] = x[k];
  double value = 0;
  (*function_)(point, t, {&value, 1});
  return value;
}

double Coefficient::operator()(double t) const {
  return (*this)(std::span<const double>(), t);
}

bool Coefficient::depends_on_time() const {
  return !formula_ || formula_->depends_on_time();
}

bool Coefficient::depends_on_axis(std::size_t axis) const {
  return !formula_ || formula_->depends_on_axis(axis);
}

std::optional<double> Coefficient::constant_value() const {
  return formula_ ? formula_->constant_value() : std::nullopt;
}

Coefficient::Function pointwise(std::function<double(std::span<const double> x, double t)> function) {
  if (!function) throw UnfitProblem("a coefficient is given by an empty function");
  return [function = std::move(function)](const Points& x, double t, std::span<double> out) {
    std::vector<double> point(x.dimension());
    for (std::size_t i = 0; i < out.size(); ++i) {
      for (std::size_t k = 0; k < point.size(); ++k) point[k] = x[k][i];
      out[i] = function(point, t);
    }
  };
}

}  // namespace umkehr
