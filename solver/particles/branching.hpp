// SPDX-License-Identifier: GPL-3.0-or-later
// Systematic resampling (Kitagawa, J. Comput. Graph. Stat. 5 (1996) 1): where the effective size (sum w)^2 / sum w^2 of a
// block falls below half of its particles, particle i gets floor or ceil of N w_i / sum w children of equal weight.
#pragma once

#include <cstdint>
#include <vector>

#include "grids/points.hpp"
#include "solver/particles/brownian_path.hpp"

namespace umkehr {

/// Whether it was done. `carried` are fields that children inherit.
bool branch(const BrownianPath& path, std::uint64_t first, std::uint32_t step, std::uint32_t stream,
            std::size_t count, Points& x, std::vector<double>& weight,
            const std::vector<std::vector<double>*>& carried);

}  // namespace umkehr
