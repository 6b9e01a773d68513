// SPDX-License-Identifier: GPL-3.0-or-later
// A value J on trigonometric polynomials (fourier_generator.hpp), where an axis of the line is bent into a circle though
// J need not vanish at its walls. Entry i of a value is the pairing of J(stop) with the density that starts as the delta
// at centre i, so two things keep the interior as exact as densities are:
// - J(stop) is blended smoothly, within an eighth of the axis before each wall, into the mean of its two wall values:
//   what no density from the interior meets at `stop` does not count;
// - J is read through the damped delta exp(-36 (kappa/kappa_max)^14) with which a point mass starts (fourier_law.hpp),
//   which is local, unlike the bare one: a kink at the seam stays there.
// Filter: Vandeven, J. Sci. Comput. 6 (1991) 159; Gottlieb & Shu, SIAM Rev. 39 (1997) 644.
#pragma once

#include <span>
#include <vector>

#include "solver/generator/fourier_generator.hpp"
#include "solver/process/coefficient.hpp"

namespace umkehr {

/// Share of a non-periodic axis before each wall in which terminal values are blended.
constexpr double blended_share = 1.0 / 8;

std::vector<double> fourier_value_state(FourierGenerator& generator, const Coefficient& terminal,
                                        double stop);
void fourier_value(FourierGenerator& generator, std::span<const double> state, std::span<double> out);

/// The value faded out towards the walls of the line, as a state whose spectrum tells whether the interior is resolved.
std::vector<double> fourier_value_inside(FourierGenerator& generator, std::span<const double> state);

}  // namespace umkehr
