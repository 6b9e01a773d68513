// SPDX-License-Identifier: GPL-3.0-or-later
// Steps backwards from the stop for the schemes that step, by the common march.
#pragma once

#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "solver/hjb/hjb_problem.hpp"
#include "solver/stepping/propagator.hpp"

namespace umkehr {

/// A state moves down in time only. Errors are those of lambda, the largest |error|/(1 + lambda - min lambda).
class HjbScheme : public Propagator {
 public:
  /// The state at the stop.
  virtual std::vector<double> initial() = 0;
  /// From s down to s - h, with an estimate of what was done wrong, in units of lambda.
  virtual void step(std::vector<double>& state, double s, double h, std::vector<double>& error) = 0;
  /// After so many steps the rest is not worth waiting for.
  virtual std::size_t max_steps() const { return 100'000; }
  /// lambda and u at the cell centres.
  virtual void fields(std::span<const double> state, double s, std::span<double> value,
                      const std::vector<std::span<double>>& control) = 0;

  double advance(std::span<double> state, const Step& step, Direction, bool with_error) final;
  /// Throws NumericalFailure if steps as short as the latest one cannot cover what is left down from s.
  void stop_creeping(double s, double left) const;

 private:
  std::vector<double> state_, error_;
  std::size_t tried_ = 0;  // steps that adapt
  double last_length_ = std::numeric_limits<double>::infinity();
};

std::unique_ptr<HjbScheme> finite_difference_scheme(const HjbProblem& problem);

/// Throws NumericalFailure.
void march(const HjbProblem& problem, HjbScheme& scheme, HjbSolution& solution);

}  // namespace umkehr
