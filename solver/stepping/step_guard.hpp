// SPDX-License-Identifier: GPL-3.0-or-later
// What no step may do to a solution of a method that is not positive by construction. The exact equations contract:
//   int |P| / int P does not grow while a density spreads (it is 1 from the start unless a narrow law ripples), and
//   |J(x, s)| <= max |J1| exp(int_s^stop max(-V, 0)) everywhere,
// so a run that breaks either is unstable or not resolved, however smooth it looks when it ends.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "solver/process/process.hpp"
#include "solver/stepping/discretisation.hpp"

namespace umkehr {

/// Looks at a density every few steps.
class DensityGuard {
 public:
  /// `ripples` of a law that jumps come and go with the place of the jump in its cell.
  DensityGuard(const Discretisation& discretisation, const Grid& grid, std::span<const double> start,
               bool ripples);
  /// Throws NumericalFailure where int |P| exceeds int P by more than it did at the start (three times as much where it ripples)
  /// and more than 1e-6 of it (0.05).
  void see(std::span<const double> state, double t);

 private:
  double excess(std::span<const double> state);

  const Discretisation& discretisation_;
  std::vector<double> density_;
  double allowed_;
  std::size_t seen_ = 0;
};

/// The same for a value on a grid whose walls it feels.
class ValueGuard {
 public:
  ValueGuard(const Discretisation& discretisation, const Process& process, const Grid& grid,
             const Coefficient& terminal, double start, double stop);
  /// Throws NumericalFailure where |J| exceeds twice its bound (series overshoot jumps), and where its largest size, at a wall,
  /// leaves nothing but rounding in the middle half of the axes, or ripples there below zero though J1 is not: transforms
  /// and splines spread what they miss everywhere.
  void see(std::span<const double> state, double t);

 private:
  const Discretisation& discretisation_;
  Grid grid_;
  std::vector<double> value_;
  bool is_positive_;
  double stop_, largest_terminal_, growth_ = 0;
  std::size_t seen_ = 0;
};

}  // namespace umkehr
