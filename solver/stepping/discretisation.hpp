// SPDX-License-Identifier: GPL-3.0-or-later
// A process on a grid: how a density becomes a vector of numbers (the state), and how that vector moves in
// time by dP/ds = L^dagger P (2.6, 2.33a), or a value by -dJ/ds = L J (2.33b) with the exact transposes of
// the same steps.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "grids/grid.hpp"
#include "solver/law/law.hpp"
#include "solver/process/coefficient.hpp"
#include "solver/stepping/propagator.hpp"

namespace umkehr {

/// By how much an error that a step makes counts.
struct ErrorWeights {
  std::span<const float> of_cells;  ///< empty for ones
  double of_all = 1;
};
using WeighErrors = std::function<ErrorWeights(const Step&)>;

class Discretisation : public Propagator {
 public:
  /// Length of a state. A state may end with ledgers (mass that left, mass that was killed).
  virtual std::size_t size() const = 0;
  virtual std::vector<double> state_of(const Law& law) const = 0;
  /// What is shown of a law before the first step, where the state that is marched ripples: samples at the centres.
  virtual std::vector<double> sampled_state_of(const Law& law) const { return state_of(law); }

  /// The density on the grid: cell means (finite volume) or values at the centres.
  virtual void density(std::span<const double> state, std::span<double> out) const = 0;
  /// d_k ln P at the centres; finite everywhere.
  virtual void score(std::span<const double> state, std::size_t axis, std::span<double> out) const = 0;
  virtual double mass(std::span<const double> state) const = 0;
  /// Mass that left through the walls or was killed since the start.
  virtual double lost(std::span<const double> state) const = 0;
  /// <P, J> in the method's own inner product, constant under paired steps.
  virtual double pairing(std::span<const double> density_state,
                         std::span<const double> value_state) const = 0;

  /// J at `stop` as a state (2.27), with nothing in the ledgers.
  virtual std::vector<double> value_state_of(const Coefficient& terminal, double stop) const = 0;
  /// J at the centres of the grid.
  virtual void value(std::span<const double> state, std::span<double> out) const = 0;

  /// From now on errors of values count by what `weigh` gives for each step.
  virtual void weigh_value_errors([[maybe_unused]] WeighErrors weigh) {}
  /// Throws NumericalFailure where a state at a saved time shows that this method does not reach the problem.
  virtual void require_resolved([[maybe_unused]] std::span<const double> state, [[maybe_unused]] double t) {}
  /// The same of a value.
  virtual void require_resolved_value([[maybe_unused]] std::span<const double> state,
                                      [[maybe_unused]] double t) {}
  /// Bytes that it holds beyond the states, for the memory estimate.
  virtual std::size_t memory() const = 0;
  /// What a user should know about the grid and this problem, each with a number and a remedy.
  virtual std::vector<std::string> warnings(std::span<const double> state, double t) const = 0;
  /// The same of a value.
  virtual std::vector<std::string> value_warnings([[maybe_unused]] std::span<const double> state,
                                                  [[maybe_unused]] double t) const {
    return {};
  }
};

}  // namespace umkehr
