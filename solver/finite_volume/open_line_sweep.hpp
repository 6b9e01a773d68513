// SPDX-License-Identifier: GPL-3.0-or-later
// A step along whole lines with walls at both ends, solved as in segment_sweep.hpp, but with the rates computed in the
// elimination and no factor kept that is not needed again: a sweep of many lines waits for memory, not for arithmetic.
#pragma once

#include <cstddef>

#include "grids/axis_lines.hpp"
#include "grids/machine/lane_buffer.hpp"
#include "solver/finite_volume/batch_rates.hpp"
#include "solver/finite_volume/schemes.hpp"
#include "solver/stepping/step.hpp"

namespace umkehr {

/// Of one batch, lane by lane: what settling its lines' mass needs to know.
struct LineSums {
  static constexpr std::size_t widest = 4 * lanes::width;
  double missing[widest];   // sum over cells of before - after
  double size[widest];      // sum over cells of |after|
  double left[widest];      // through the walls, by the scheme's quadrature of the flux
  double killed[widest]{};  // by the same quadrature, where killing acts along with the axis
};

class OpenLineSweep {
 public:
  explicit OpenLineSweep(const AxisLines& lines);

  /// The cells of a batch of a field after a step; `rates` are times g h, those through walls also times `wall_factor`.
  const double* step(LineScheme scheme, const BatchRates& rates, double wall_factor, Direction direction,
                     const AxisLines& lines, std::size_t batch, const double* field);
  /// Of the latest step.
  const LineSums& sums() const { return sums_; }

 private:
  template <int V, class Line, class Fetch>
  void step_of(Line, const BatchRates& rates, double wall_factor, Direction direction, Fetch fetch);
  template <int V, bool keep, Direction direction, std::size_t terms, class Fetch>
  void eliminate_and_rise(BatchRates rates, double wall_factor, Fetch fetch);
  template <int V>
  void rise_again();
  template <int V, class Give>
  void fall(Give give);
  template <class Weight>
  void add_outflow(Weight weight);

  std::size_t rows_, lanes_;
  LaneBuffer before_, after_, falling_;  // (rows, lanes)
  LaneBuffer rising_, inverse_pivot_;    // the same, where a second solution needs them
  double wall_down_[LineSums::widest], wall_up_[LineSums::widest];
  LineSums sums_;
};

}  // namespace umkehr
