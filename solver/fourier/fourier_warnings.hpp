// SPDX-License-Identifier: GPL-3.0-or-later
// What makes a Fourier solution wrong though it looks smooth: a density that reaches a wall of the line, and features
// finer than the spacing. Each is said with its size and with the axis that would do.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "solver/fourier/fourier_generator.hpp"

namespace umkehr {

/// Where a density at a wall of a non-periodic axis exceeds 1e-12 of its maximum, and `ripple` of it: what a spectrum
/// that was cut off leaves everywhere.
std::vector<std::string> wall_warnings(const Grid& grid, std::span<const double> density, double t,
                                       double ripple = 0);

/// Size of the coefficients in the highest tenth of an axis' wavenumbers, relative to the largest of all.
double spectrum_tail(const FourierGenerator& generator, std::span<const double> state, std::size_t axis);

/// Where that exceeds 1e-10.
std::vector<std::string> spectrum_warnings(const FourierGenerator& generator, std::span<const double> state,
                                           double t, const char* field = "density");

}  // namespace umkehr
