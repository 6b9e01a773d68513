// SPDX-License-Identifier: GPL-3.0-or-later
// Killing (or, where V < 0, creation) on a grid, V = V_apart + V_within:
//   p -> exp(-V_apart h) p in every cell, exact for V frozen in time, beside the axes;
//   V_within >= 0 in equal parts within the axes' implicit steps (killing_layer.hpp, axis_step.hpp).
// Where the grid resolves V, all of it acts apart. Where V is steep, splitting it from diffusion would bind the steps to
// the time in which a path crosses a cell or is killed, so then V_apart is only what V is everywhere, which commutes with all,
// and, where V < 0, all of it: a layer knows no creation.
// In more dimensions than one, V_within is the same in all axes, so that what dies in one axis' step does not live in
// another's. What little is in cells that paths hardly enter is then known to its size only: no step follows it, and
// where it would be shown below zero, nothing is shown.
#pragma once

#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "solver/process/pieces.hpp"
#include "solver/process/process.hpp"
#include "solver/stepping/killing_layer.hpp"

namespace umkehr {

class KillingStep {
 public:
  KillingStep(const Process& process, const Grid& grid);

  /// Whether there is any killing.
  bool acts() const { return acts_; }
  /// Settles, for all parts of a step around time t, whether V is steep.
  void choose(double t);
  /// Fixes the rate to that at time t, and the length of steps apart.
  void freeze(double t, double h);
  /// Returns the sum over the cells of what was killed apart.
  double apply(std::span<double> values) const;
  /// An axis' part of V_within, if there is any.
  const KillingLayer* within(std::size_t axis) const { return within_.empty() ? nullptr : &within_[axis]; }
  /// Whether steps need not follow what is in a cell.
  bool is_dead(std::size_t cell) const { return !dead_.empty() && dead_[cell] != 0; }
  /// Another number whenever `within` has changed.
  std::size_t version() const { return version_; }
  std::size_t memory() const;

 private:
  void evaluate(double t);
  bool neighbours_differ() const;
  bool is_steep(double t) const;
  void split(double t);
  bool is_dead_at(double rate, double t) const;
  bool has_dead_cells(double t) const;
  double base() const { return least_ > 0 ? least_ : 0; }

  Grid grid_;
  Pieces rate_;
  std::vector<Coefficient> diffusion_;
  bool acts_, rate_varies_, varies_, is_settled_ = false, is_steep_ = false, at_centres_ = false;
  Points centres_;               // none where the rate is not needed again
  std::vector<double> rates_;    // V, means over cells that a border cuts
  std::vector<double> factors_;  // exp(-V_apart h)
  std::vector<KillingLayer> within_;
  std::vector<char> dead_;  // by cell; empty where there are none
  double least_ = 0;        // of V
  double range_ = 0;        // of V above its base
  bool has_walls_ = false;  // between neighbouring cells
  double rates_time_, split_time_, frozen_length_;
  std::size_t version_ = 0;
};

}  // namespace umkehr
