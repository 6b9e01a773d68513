// SPDX-License-Identifier: GPL-3.0-or-later
// Laws around a periodic axis of length L: what is on the line at x, x + L, x - L, ... is on the circle at one place,
//   P(x) = sum_n P_line(x + n L),
// so a Gaussian mixture is wrapped into one of more components, of which those are kept that count beside the nearest.
#pragma once

#include "grids/grid.hpp"
#include "solver/law/gaussian_mixture.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

bool has_circle(const Grid& grid);

/// Whether a drift or the killing depends on the place along a periodic axis. If none does, the law around it is the
/// wrapped law of the line.
bool depends_on_angle(const Process& process, const Grid& grid);

/// The mixture with its images; a point keeps to one place within the axis. The mass on the grid, not that of the line
/// which the images fill, is the mixture's own. Throws UnfitProblem where too many images count.
GaussianMixture wrapped(const GaussianMixture& law, const Grid& grid);

/// The same function of x with periodic coordinates brought into their axes.
Coefficient wrapped(const Coefficient& function, const Grid& grid);

}  // namespace umkehr
