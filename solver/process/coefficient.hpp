// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "grids/points.hpp"
#include "solver/process/formula/formula.hpp"

namespace umkehr {

/// A real function of (x, t) in an equation: a number, a formula, or a C++ function of the user's.
class Coefficient {
 public:
  /// Fills `out`, one value a point; points without coordinates ask for a function of time alone. Several
  /// threads may call it at once, and no value may depend on which other points are in the batch.
  using Function = std::function<void(const Points& x, double t, std::span<double> out)>;

  Coefficient(double value);       // NOLINT(google-explicit-constructor): a number is a coefficient
  Coefficient(Formula formula);    // NOLINT(google-explicit-constructor)
  Coefficient(Function function);  // NOLINT(google-explicit-constructor)

  void operator()(const Points& x, double t, std::span<double> out) const;
  double operator()(std::span<const double> x, double t) const;
  /// At a time, for a function of time alone.
  double operator()(double t) const;

  /// False only where that is certain: a C++ function may depend on everything.
  bool depends_on_time() const;
  bool depends_on_axis(std::size_t axis) const;
  std::optional<double> constant_value() const;
  /// The formula behind it, if there is one (a number is one too).
  const Formula* formula() const { return formula_ ? &*formula_ : nullptr; }

 private:
  std::optional<Formula> formula_;
  std::shared_ptr<const Function> function_;
};

/// A function of one point, called for one after the other.
Coefficient::Function pointwise(std::function<double(std::span<const double> x, double t)> function);

}  // namespace umkehr
