// SPDX-License-Identifier: GPL-3.0-or-later
// Integrals of fields by the midpoint rule, int f ~ sum_i f(x_i) dV: spectrally accurate for fields that are smooth and
// have decayed at the walls (or are periodic), of order 2 otherwise.
#pragma once

#include <span>

#include "grids/grid.hpp"

namespace umkehr {

/// int f
double integral(const Grid& grid, std::span<const double> f);
/// int |f|, (int f^2)^(1/2), max |f|
double norm_l1(const Grid& grid, std::span<const double> f);
double norm_l2(const Grid& grid, std::span<const double> f);
double norm_max(std::span<const double> f);

/// int |f - g| / int |g|
double relative_l1(std::span<const double> f, std::span<const double> g);
/// (int P (f - g)^2 / int P g^2)^(1/2) where P exceeds `trusted` of its maximum.
double weighted_relative_l2(std::span<const double> density, std::span<const double> f,
                            std::span<const double> g, double trusted = 1e-10);

/// -int P ln P; values that are not positive count as none.
double entropy(const Grid& grid, std::span<const double> density);
/// D_KL(P || Q) = int P ln(P/Q); infinite where Q vanishes and P does not.
double relative_entropy(const Grid& grid, std::span<const double> p, std::span<const double> q);

}  // namespace umkehr
