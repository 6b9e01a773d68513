// SPDX-License-Identifier: GPL-3.0-or-later
// The energy distance of two laws, 2 E|X - Y| - E|X - X'| - E|Y - Y'|, zero only where they are the same (Szekely &
// Rizzo, J. Stat. Plan. Inference 143 (2013) 1249); a squared distance, in units of length. The estimate has no bias
// and may be negative. In more than one dimension it takes all pairs of points.
#pragma once

#include "grids/points.hpp"
#include "solver/particles/samples/estimate.hpp"

namespace umkehr {

/// Throws UnfitProblem for samples of different dimensions or of less than two points.
Estimate energy_distance(const Points& x, const Points& y);

}  // namespace umkehr
