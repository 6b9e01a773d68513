// SPDX-License-Identifier: GPL-3.0-or-later
// Reversal in time (3.34, 3.35, 3.38, 3.40, 3.41): on the clock r = start + stop - t the process
//   dx = (-F + D S) dr + sqrt(D) dW
// has the laws of dx = F dt + sqrt(D) dW in reverse order where S = grad ln P (Anderson, Stochastic Process.
// Appl. 12 (1982) 313), and generates a model of them where S is one of the score. Without F it is (4.18),
// whose printed sign is that of a clock that runs down. It is not killed: where the forward process is, it
// reverses what survives.
#pragma once

#include <memory>
#include <vector>

#include "grids/grid.hpp"
#include "grids/points.hpp"
#include "solver/process/process.hpp"
#include "solver/process/reversed_clock.hpp"
#include "solver/score/score.hpp"

namespace umkehr {

/// Several threads may ask at once.
class ReversedProcess {
 public:
  ReversedProcess(Process forward, std::shared_ptr<const Score> score, const ReversedClock& clock);

  std::size_t dimension() const { return forward_.dimension(); }
  /// -F + D S at a batch of points; `out` has room for them.
  void drift(const Points& x, double r, Components& out) const;
  /// D, one an axis.
  std::vector<double> diffusion(double r) const;
  /// The same in coefficients.
  Process process() const;

 private:
  double forward_time(double r) const;

  Process forward_;
  std::shared_ptr<const Score> score_;
  ReversedClock clock_;
};

/// What survives never meets an absorbing wall: to the reversed process it is a reflecting one.
Grid reversed_grid(const Grid& grid);

}  // namespace umkehr
