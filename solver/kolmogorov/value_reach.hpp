// SPDX-License-Identifier: GPL-3.0-or-later
// Where an error of a value counts. What is wrong by e(x, s) at a time s is wrong, at an earlier saved time t, by
//   int dx G(x, s | y, t) e(x, s),  on average over all y by int dx rho(x, s - t) e(x, s),
// rho the density at s of what began uniform at t. Steep corners, which every path has left at once, would set the steps
// for the rest; weighed by rho they do so only next to the saved times, where their own values are wanted.
#pragma once

#include <cstddef>
#include <vector>

#include "grids/grid.hpp"
#include "solver/process/process.hpp"
#include "solver/stepping/discretisation.hpp"

namespace umkehr {

class ValueReach {
 public:
  /// rho by finite volumes of order 1, which no step makes negative, with the coefficients about the first of the ascending
  /// `times`.
  ValueReach(const Process& process, const Grid& grid, std::vector<double> times, double stop);

  /// Of a step towards the last saved time before it: of each cell min(1, volume rho); and what is left of an error at that
  /// time is what little was made since, so that as much of it is allowed evenly over the logarithm of the time to go.
  ErrorWeights of(const Step& step) const;

 private:
  std::vector<double> times_;
  double duration_;
  double first_;  // since a saved time: of weights_[0]; each next lies twice as far
  std::vector<std::vector<float>> weights_;  // the larger of both ends of each
};

/// Whether steps so short that a run takes more than 20000 are set by something that may not count.
bool creeps(std::size_t steps, double fraction);

}  // namespace umkehr
