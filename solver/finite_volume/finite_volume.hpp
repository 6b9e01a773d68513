// SPDX-License-Identifier: GPL-3.0-or-later
// Finite volumes in one to three dimensions: cell means of P, moved by steps of length h that are split along the axes,
//   K(h/2) X(h/2) Y(h/2) Z(h) Y(h/2) X(h/2) K(h/2),  K = exp(-V .), X, Y, Z as in axis_step.hpp
// (steep killing is part of X, Y and Z: killing_step.hpp), all coefficients taken at the middle of the step. Read backwards it is the same product, so the step for values J is
// this one with every axis transposed. Strang, SIAM J. Numer. Anal. 5 (1968) 506; order 2 in time and in space.
// The adaptive scheme adds such steps cut into 1, 2 and 3 parts, with weights that cancel errors of order 2 and 3.
// A state is the cells, then the mass that left through walls, then the mass that was killed.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "solver/finite_volume/axis_step.hpp"
#include "solver/process/process.hpp"
#include "solver/stepping/discretisation.hpp"
#include "solver/stepping/killing_step.hpp"

namespace umkehr {

/// Names of the schemes in time, the usual one first.
std::vector<std::string> finite_volume_schemes();
/// The scheme of that name for steps that adapt, or for equal ones. Throws UnfitProblem.
const Scheme* finite_volume_scheme(const std::string& name, bool adaptive);
/// All that a step may name: the extrapolated one, those above, and the one of damped first steps.
std::vector<const Scheme*> finite_volume_step_schemes();

class FiniteVolume : public Discretisation {
 public:
  FiniteVolume(const Process& process, const Grid& grid);

  std::size_t size() const override { return grid_.size() + 2; }
  std::vector<double> state_of(const Law& law) const override;

  void density(std::span<const double> state, std::span<double> out) const override;
  void score(std::span<const double> state, std::size_t axis, std::span<double> out) const override;
  double mass(std::span<const double> state) const override;
  double lost(std::span<const double> state) const override;
  /// sum of h^d P J over the cells: the ledgers of a value are zero.
  double pairing(std::span<const double> density_state, std::span<const double> value_state) const override;
  /// J at the centres; its mean over cells that it is not smooth in.
  std::vector<double> value_state_of(const Coefficient& terminal, double stop) const override;
  void value(std::span<const double> state, std::span<double> out) const override;

  double advance(std::span<double> state, const Step& step, Direction direction, bool with_error) override;
  void weigh_value_errors(WeighErrors weigh) override { weigh_errors_ = std::move(weigh); }
  const Scheme* scheme_of_step(const Scheme* scheme, std::size_t n) const override;
  int error_order() const override { return 4; }
  const Scheme* fallback_scheme() const override { return &split_scheme<BackwardEuler>; }
  bool acceptable(std::span<const double> state) const override;
  std::size_t memory() const override;
  std::vector<std::string> warnings(std::span<const double> state, double t) const override;

 private:
  void part(std::span<double> state, const Step& step, LineScheme scheme, Direction direction);
  void chain(std::span<double> state, const Step& step, int parts, LineScheme scheme, Direction direction);
  double extrapolate(std::span<double> state, const Step& step, Direction direction);

  double cell_peclet(std::span<const double> state, std::size_t axis, double t) const;
  double peak_width(std::span<const double> state, std::size_t axis) const;

  Grid grid_;
  KillingStep killing_;
  std::vector<AxisStep> axes_;
  std::vector<std::vector<double>> chains_;
  WeighErrors weigh_errors_;
};

}  // namespace umkehr
