// SPDX-License-Identifier: GPL-3.0-or-later
// Steps backwards from the stop, adaptive or equal, from saved time to saved time, for the schemes that step.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "solver/hjb/hjb_problem.hpp"

namespace umkehr {

class HjbScheme {
 public:
  virtual ~HjbScheme() = default;
  /// The state at the stop.
  virtual std::vector<double> initial() = 0;
  /// From s down to s - h, with an estimate of what was done wrong, in units of lambda.
  virtual void step(std::vector<double>& state, double s, double h, std::vector<double>& error) = 0;
  /// Throws StepFailure where the state is not what it should be.
  virtual void check(const std::vector<double>& /*state*/, double /*s*/) {}
  /// After so many steps the rest is not worth waiting for.
  virtual std::size_t most_steps() const { return 100'000; }
  /// Power of the step's length with which that estimate falls.
  virtual int error_order() const = 0;
  /// lambda and u at the cell centres.
  virtual void fields(const std::vector<double>& state, double s, std::span<double> value,
                      const std::vector<std::span<double>>& control) = 0;
};

std::unique_ptr<HjbScheme> finite_difference_scheme(const HjbProblem& problem);

/// Throws StepFailure.
void march(const HjbProblem& problem, HjbScheme& scheme, HjbSolution& solution);

}  // namespace umkehr
