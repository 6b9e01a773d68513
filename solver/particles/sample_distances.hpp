// SPDX-License-Identifier: GPL-3.0-or-later
// How far particles are from a law: from as many independent draws of it.
#pragma once

#include <cstdint>

#include "grids/grid.hpp"
#include "grids/points.hpp"
#include "solver/law/law.hpp"
#include "solver/particles/samples/estimate.hpp"

namespace umkehr {

struct SampleDistances {
  Estimate energy, maximum_mean_discrepancy, sliced_wasserstein;
};

SampleDistances distances_to(const Law& law, const Grid* grid, const Points& particles, std::uint64_t seed);

}  // namespace umkehr
