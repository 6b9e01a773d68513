// SPDX-License-Identifier: GPL-3.0-or-later
// The ways round periodic axes: on the line that is wound around the circle a path ends at any `to` + n L. Tried are the
// ways between the shortest and that by which the drift carries a particle, and then the neighbours of the best, until
// all of them are worse.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "grids/grid.hpp"
#include "solver/paths/path_search.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// Throws UnfitProblem where a drift differs between the two ends of a periodic axis: its divergence is infinite
/// there, and no path across has an action.
void check_seams(const Process& process, const Grid& grid, double start, double stop);

class WaysRound {
 public:
  /// One way alone without a grid.
  WaysRound(const Process& process, const PathEnds& ends, const std::optional<Grid>& grid);

  /// The next way to try.
  std::optional<PathEnds> next();
  /// The least action of the last one.
  void tell(double action);

 private:
  using Turns = std::vector<int>;
  PathEnds ends_of(const Turns& turns) const;
  bool is_known(const Turns& turns) const;
  void add(const Turns& turns);
  void add_neighbours(const Turns& turns);

  PathEnds ends_;
  std::vector<double> period_;  // 0 of an axis that is not periodic
  std::vector<Turns> all_;
  std::vector<double> actions_;
};

}  // namespace umkehr
