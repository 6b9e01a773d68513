// SPDX-License-Identifier: GPL-3.0-or-later
// What a march needs to know of an evolution in time: its steps, forward for a density and backward for a value, and how
// long they may be.
#pragma once

#include <cstddef>
#include <span>

#include "solver/stepping/step.hpp"

namespace umkehr {

class Propagator {
 public:
  virtual ~Propagator() = default;

  /// A step of either kind, with an estimate of what was done wrong in it, relative to the size of the state, if wanted.
  virtual double advance(std::span<double> state, const Step& step, Direction direction, bool with_error) = 0;
  /// One step forward of a density, and its algebraic transpose for a value.
  void forward(std::span<double> state, const Step& step) { advance(state, step, Direction::forward, false); }
  void backward(std::span<double> state, const Step& step) {
    advance(state, step, Direction::backward, false);
  }
  /// The same steps with that estimate.
  double forward_with_error(std::span<double> state, const Step& step) {
    return advance(state, step, Direction::forward, true);
  }
  double backward_with_error(std::span<double> state, const Step& step) {
    return advance(state, step, Direction::backward, true);
  }

  /// Scheme of step number n of a run of equal steps: the first may differ from `scheme`, the usual one.
  virtual const Scheme* scheme_of_step(const Scheme* scheme, [[maybe_unused]] std::size_t n) const {
    return scheme;
  }
  /// Power of the step's length with which the estimate falls.
  virtual int error_order() const = 0;
  /// Whether steps of any length are exact in time, or adapt within: a run then steps from saved time to saved time.
  virtual bool steps_are_exact() const { return false; }
  /// Scheme to fall back to when halving a step no longer makes the result acceptable, if there is one.
  virtual const Scheme* fallback_scheme() const { return nullptr; }
  /// Whether a density that a forward step gave may stand (finite volume: it is nowhere negative).
  virtual bool acceptable([[maybe_unused]] std::span<const double> state) const { return true; }
  /// Throws NumericalFailure where a state that a step was accepted with is not what it should be.
  virtual void check([[maybe_unused]] std::span<const double> state, [[maybe_unused]] double t) {}
};

}  // namespace umkehr
