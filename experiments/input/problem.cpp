// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/problem.hpp"

#include <utility>

#include "grids/failure.hpp"

namespace umkehr {

Space::Space(Grid grid) : grid_(std::move(grid)) {
  for (const Axis& axis : grid_->axes()) names_.push_back(axis.name);
}

Space::Space(std::vector<std::string> names) : names_(std::move(names)) {}

const Grid& Space::grid() const {
  if (!grid_) throw UnfitProblem("a space without axes has no cells");
  return *grid_;
}

}  // namespace umkehr
