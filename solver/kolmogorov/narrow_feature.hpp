// SPDX-License-Identifier: GPL-3.0-or-later
// Formulas are sampled at the centres of a grid, where a peak narrower than the cells passes unseen, or fills the cell
// whose centre it meets. So each is looked at between the centres, too, finely everywhere and ever more finely about
// round numbers, where people put their peaks: what lies outside of the range of the neighbouring centres by more than
// that range was missed unless its integral is what the centre makes of it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "grids/grid.hpp"
#include "solver/law/law.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// The highest of the peaks, or of the steps, that one line of centres misses.
struct NarrowFeature {
  std::size_t axis = 0;
  std::vector<double> place;  ///< of the peak
  double value = 0;           ///< there
  double seen = 0;            ///< at the centres beside it
  double width = 0;           ///< its area over its height
  double missed = 0;          ///< integral over the line of what the centres get wrong, without sign
  bool is_step = false;       ///< from one value to another between two centres, `value` high
};

/// The worst line along each axis, through a few places of the others and through all peaks of formulas above
/// `tolerable`; the only axis there is takes `samples`.
std::optional<NarrowFeature> narrow_feature(const Coefficient& function, const Grid& grid, double t,
                                            double tolerable, std::size_t samples = 131072);

/// Throw UnfitProblem where drift or killing, a law or a value that is known at `stop` have a peak between the
/// centres that changes the result, saying where it lies and how many points would see it.
void require_wide_features(const Process& process, const Grid& grid, double start, double stop);
void require_wide_features(const Law& initial, const Grid& grid);
void require_wide_features(const Coefficient& terminal, const Grid& grid, double stop,
                           const char* name = "the terminal value");

}  // namespace umkehr
