// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "experiments/output/result.hpp"
#include "grids/grid.hpp"
#include "solver/paths/most_probable_path.hpp"

namespace umkehr {

/// path_*(t) on times of its own, the scalars action, its parts, and the estimate of its error, and all local minima,
/// minima_*(minimum, t) and minima_action(minimum).
Group most_probable_path_group(const std::string& name, const Grid& grid, const MostProbablePath& found);

}  // namespace umkehr
