// SPDX-License-Identifier: GPL-3.0-or-later
// One axis' share of a step: p -> R(h A) p on every line, or the transpose. R is one of
//   backward Euler      1 / (1 - z)                                   order 1, positive for every h
//   Crank-Nicolson      (1 + z/2) / (1 - z/2)                         order 2, does not damp stiff modes
//   SDIRK2              (1 + (1 - 2g) z) / (1 - g z)^2, g = 1 - 1/sqrt(2)   order 2, L-stable
// the last from Alexander, SIAM J. Numer. Anal. 14 (1977) 1006.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "solver/generator/axis_generator.hpp"
#include "solver/propagator/line_solver.hpp"

namespace umkehr {

enum class LineScheme { sdirk2, crank_nicolson, backward_euler };

class AxisStep {
 public:
  explicit AxisStep(AxisGenerator generator);

  const AxisGenerator& generator() const { return generator_; }
  void freeze(double t) { generator_.freeze(t); }
  /// Moves a density by h; returns what left through the walls, in units of cells times density. What is in the cells
  /// and what left add up to what was there: the rounding errors of the solution are spread over each line.
  double forward(LineScheme scheme, double h, std::span<double> density);
  void backward(LineScheme scheme, double h, std::span<double> value);
  std::size_t memory() const;

 private:
  /// What a thread needs for one batch.
  struct Desk {
    LineSolver solver;
    std::vector<double> before, stage, after;
    double factored_length = 0;  // g h of the factors in hand; 0 if they may not serve again
    Direction factored_for = Direction::forward;
  };
  Desk new_desk() const;
  template <class Work>
  void for_each_batch(Work work);
  bool factors_last() const { return generator_.is_static() && outflows_.size() == 1; }
  Desk& desk_for(Desk& own, double length, Direction direction);
  Desk& solve(Desk& own, LineScheme scheme, double h, const double* field, std::size_t batch,
              Direction direction);
  double settle(Desk& desk, LineScheme scheme, std::size_t batch);
  double outflow(const Desk& desk, LineScheme scheme, std::size_t lane) const;

  AxisGenerator generator_;
  std::vector<Desk> desks_;  // one a thread; or, of one batch with static rates, one a recent length of step
  std::vector<double> outflows_;  // one a batch, so that their sum has one order
  std::size_t oldest_ = 0;
};

}  // namespace umkehr
