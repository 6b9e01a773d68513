// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "experiments/output/result.hpp"
#include "grids/grid.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"

namespace umkehr {

/// A solution as a group of the result file: density, log_density and score_* on (t, axes...), mass(t), entropy(t), and
/// the scalars mass_error and minimum.
Group fokker_planck_group(const std::string& name, const Grid& grid, const KolmogorovChoices& choices,
                          const FokkerPlanckSolution& solution);

}  // namespace umkehr
