// SPDX-License-Identifier: GPL-3.0-or-later
// The slowest modes on an interval with its walls, by chains of cells (interval_chain.hpp), each level with three cells for
// one so that centres stay centres. Their errors go with even powers of the width: Richardson's extrapolation in Romberg's
// table, until the levels agree to rounding or the cells are too many.
#pragma once

#include <cstddef>
#include <vector>

#include "solver/spectrum/chain/interval_chain.hpp"

namespace umkehr {

struct IntervalChoices {
  std::size_t count = 6;
  std::size_t fewest_cells = 100;   ///< of the first level
  std::size_t cells_a_mode = 8;     ///< of the first level, at least
  std::size_t max_cells = 250'000;  ///< beyond three levels
};

struct IntervalModes {
  std::vector<double> value, error;  ///< ascending; the estimated error of each
  std::vector<double> rounding;      ///< what of it rounding leaves on any grid
  std::vector<std::vector<double>>
      function;  ///< phi at the centres of the axis, of mean square one under exp(-Phi)
};

/// Most points of an axis, which three levels refine.
constexpr std::size_t max_interval_points = 30'000;

/// Throws UnfitProblem as interval_chain() does.
IntervalModes interval_modes(const IntervalProcess& process, const IntervalChoices& choices);

}  // namespace umkehr
