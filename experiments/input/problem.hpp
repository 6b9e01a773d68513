// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "grids/grid.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// What the tasks of an experiment are solved on.
struct Problem {
  Process process;
  Grid grid;
  double start = 0;  ///< where the initial laws are given
  double stop = 1;
  std::vector<double> times;  ///< the saved ones, ascending within [start, stop]; need not hold either end
};

}  // namespace umkehr
