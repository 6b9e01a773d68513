// SPDX-License-Identifier: GPL-3.0-or-later
// One axis' share of a step: p -> R(h A) p on every line (schemes.hpp), or the transpose. Killing may be part of A.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "solver/finite_volume/axis_generator.hpp"
#include "solver/finite_volume/line_solver.hpp"
#include "solver/finite_volume/open_line_sweep.hpp"
#include "solver/finite_volume/schemes.hpp"
#include "solver/stepping/killing_layer.hpp"

namespace umkehr {

/// What a step takes from the cells, in units of cells times density.
struct CellLoss {
  double outflow = 0;  ///< through the walls
  double killed = 0;
};

class AxisStep {
 public:
  explicit AxisStep(AxisGenerator generator);

  const AxisGenerator& generator() const { return generator_; }
  /// Fixes the coefficients to those at time t. `killing` is what of it is part of A at that time, if any, and lives as
  /// long as it is in use; it changes along with `killing_version`.
  void freeze(double t, const KillingLayer* killing = nullptr, std::size_t killing_version = 0);
  /// Moves a density by h; returns what it lost. What is in the cells and what is lost add up to what was there: the
  /// rounding errors of the solution are spread over each line.
  CellLoss forward(LineScheme scheme, double h, std::span<double> density);
  void backward(LineScheme scheme, double h, std::span<double> value);
  std::size_t memory() const;

 private:
  /// What a thread needs for one batch.
  struct Workspace {
    std::optional<OpenLineSweep>
        sweep;  // where lines are whole and open, and their factors do not last; else
    std::optional<LineSolver> solver;
    LaneBuffer before, mixed, after;
    LaneBuffer distance;         // between nodes, across faces, where killing acts
    double factored_length = 0;  // g h of the factors in hand; 0 if they may not serve again
    std::size_t factored_killing = 0;
    Direction factored_for = Direction::forward;
  };
  void furnish(Workspace& workspace) const;
  template <class Work>
  void for_each_batch(Work work);
  bool factors_last() const { return generator_.is_static() && losses_.size() == 1; }
  bool sweeps() const;
  Workspace& desk_for(Workspace& own, double length, Direction direction);
  const double* solve(Workspace& own, LineScheme scheme, double h, const double* field, std::size_t batch,
                      Direction direction, LineSums& sums);
  template <bool kills, class Line>
  LineSums finish(Workspace& workspace, Line, Direction direction);
  void factor(Workspace& workspace, double length, std::size_t batch, Direction direction) const;
  bool has_factors(const Workspace& workspace, double length, Direction direction) const;
  CellLoss settle(const LineSums& sums, std::size_t batch, double* share) const;
  template <class Line>
  double outflow(const Workspace& workspace, Line, std::size_t lane) const;

  AxisGenerator generator_;
  const KillingLayer* killing_ = nullptr;
  std::size_t killing_version_ = 0;
  double nanoseconds_a_batch_ = 0;
  std::vector<CellLoss> losses_;  // one a batch, so that their sum has one order
  std::vector<Workspace>
      desks_;  // one a thread; or, of one batch with static rates, one a recent length of step
  std::size_t oldest_ = 0;
};

}  // namespace umkehr
