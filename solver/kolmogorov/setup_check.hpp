// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a run can begin: what setting it up would throw, without a step in time.
#pragma once

#include "grids/grid.hpp"
#include "solver/kolmogorov/choices.hpp"
#include "solver/law/law.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// Of a density, and of a value that is known at `stop`. Throw UnfitProblem where method or scheme do not fit the
/// problem, or where the law is none on this grid. The search for Hermite bases is left to the run.
void check_setup(const Process& process, const Grid& grid, const Law& initial, double start, double stop,
                 const KolmogorovChoices& choices);
void check_setup(const Process& process, const Grid& grid, const Coefficient& terminal, double start,
                 double stop, const KolmogorovChoices& choices);

}  // namespace umkehr
