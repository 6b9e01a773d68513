// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/coefficient.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

namespace umkehr {

Coefficient::Coefficient(double value) : formula_(Formula::constant(value, 0)) {}

Coefficient::Coefficient(Formula formula) : formula_(std::move(formula)) {}

Coefficient::Coefficient(Function function)
    : function_(std::make_shared<const Function>(std::move(function))) {
  if (!*function_) throw std::invalid_argument("a coefficient is given by an empty function");
}

void Coefficient::operator()(const Points& x, double t, std::span<double> out) const {
  if (formula_) return (*formula_)(x, t, out);
  if (x.dimension() != 0 && x.count() != out.size())
    throw std::invalid_argument("a coefficient's values need as much room as there are points");
  std::vector<double> point(x.dimension());
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (std::size_t k = 0; k < point.size(); ++k) point[k] = x[k][i];
    out[i] = (*function_)(point, t);
  }
}

double Coefficient::operator()(std::span<const double> x, double t) const {
  return formula_ ? (*formula_)(x, t) : (*function_)(x, t);
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

}  // namespace umkehr
