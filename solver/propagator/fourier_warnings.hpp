// SPDX-License-Identifier: GPL-3.0-or-later
// What makes a Fourier solution wrong though it looks smooth: a density that reaches a wall of the line, and features
// finer than the spacing. Each is said with its size and with the axis that would do.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "solver/generator/fourier_generator.hpp"

namespace umkehr {

/// Where a density at a wall of a non-periodic axis exceeds 1e-12 of its maximum.
std::vector<std::string> wall_warnings(const Grid& grid, std::span<const double> density, double t);

/// Where the highest wavenumbers of an axis hold more than 1e-10 of the largest coefficient.
std::vector<std::string> spectrum_warnings(const FourierGenerator& generator, std::span<const double> state,
                                           double t);

}  // namespace umkehr
