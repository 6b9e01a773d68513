// SPDX-License-Identifier: GPL-3.0-or-later
// A value as a series of Hermite polynomials may be nothing but amplified rounding, its own coefficients showing nothing
// of it, and sliced kernels are of order about 1 at walls that drift crosses. Finite volumes are another method altogether:
// a run of theirs is held against the value as far as their own cells allow. Beside Hermite's series, on the line, it has
// axes so long that their walls are not felt; beside path integrals, the same walls and cells, or half as large ones on a line.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "grids/grid.hpp"
#include "solver/kolmogorov/choices.hpp"
#include "solver/process/process.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {

/// Whether a value by that method needs it.
bool needs_trial(Method method, const Process& process, const Grid& grid, double start, double stop);

struct Held {
  std::vector<std::string> warnings;
  std::optional<double>
      error;  ///< largest, over the largest value: beside path integrals that it tells more of than of itself
};

/// Throws NumericalFailure where `value`, on the grid at `start`, is another one in the middle half of the axes (number and
/// remedy), and gives a warning where it is elsewhere. Nothing is said where the formulas or the walls leave no trial.
Held hold_against_finite_volumes(Method method, const Process& process, const Grid& grid,
                                 const Coefficient& terminal, double start, double stop,
                                 std::span<const double> value, const Progress& progress);

}  // namespace umkehr
