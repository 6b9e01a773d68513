// SPDX-License-Identifier: GPL-3.0-or-later
// Centre and scale of the Hermite bases, from the decay of the coefficients over the whole run: a basis of N modes
// misses at most sum_{n >= N} |c_n| of the mass (|w psi_n| integrates to at most one) and rounds off about
// epsilon sum_{n < N} |c_n|. Where the law is known in closed form these sums are, too; else short trial runs with
// fewer modes stand in, judged by their last coefficients. What is minimised is the worst time's logarithm plus the
// mean over the times, so that a start that no basis resolves (a point) does not hide the rest.
#pragma once

#include <vector>

#include "grids/grid.hpp"
#include "solver/hermite/hermite.hpp"
#include "solver/law/affine.hpp"
#include "solver/law/law.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// Fills in what `given` leaves empty. Throws as Hermite's constructor does.
HermiteChoice search_hermite_choice(const Process& process, const Grid& grid, const Law& initial,
                                    const std::vector<double>& times, const HermiteChoice& given = {});

/// The same for bases that do not move along with an affine process, such as those of a reversal of it: `initial` is
/// the law at `start`.
HermiteChoice search_resting_hermite_choice(const AffineProcess& process, const GaussianMixture& initial,
                                            const Grid& grid, double start, double stop,
                                            const HermiteChoice& given = {});

}  // namespace umkehr
