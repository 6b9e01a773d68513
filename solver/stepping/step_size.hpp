// SPDX-License-Identifier: GPL-3.0-or-later
// How long the next step may be: as long as keeps the sum of the estimated errors below the tolerance.
// Half of the tolerance is spent evenly over time, half evenly over the logarithm of the time since the
// start, so that solutions that begin as a point mass, whose steps must grow in proportion to that time, do
// not take forever.
#pragma once

#include <cstddef>

namespace umkehr {

class StepSize {
 public:
  /// Of a run of length `duration`, with an estimate that falls like step^`error_order`.
  StepSize(double tolerance, double duration, int error_order);

  /// The step to try when `remaining` is left until a time that must be hit: never one that leaves a tiny
  /// rest.
  double next(double remaining);
  /// Error that a step of this length may have, begun at `elapsed` since the start of the run.
  double allowance(double elapsed, double step) const;

  void accepted(double elapsed, double step, double error);
  void refused_for_error(double elapsed, double step, double error);
  void refused_as_unacceptable(double step);
  /// Whether halving has gone on for so long that another scheme should take the step.
  bool is_too_short() const { return size_ < shortest_; }
  /// After the fallback scheme took a step: where results without it stay unacceptable, it takes ever longer ones; errors are
  /// no reason for that.
  void fell_back(double step);

 private:
  double factor(double elapsed, double step, double error) const;

  double tolerance_;
  double duration_;
  double exponent_;
  double size_;
  double shortest_;
  bool is_unacceptable_ = false;  // what was refused last
  int steps_since_refusal_ = 0;
};

}  // namespace umkehr
