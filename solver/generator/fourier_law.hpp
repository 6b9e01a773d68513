// SPDX-License-Identifier: GPL-3.0-or-later
// A density as a state of a FourierGenerator. A Gaussian's coefficients are known,
//   n/volume w exp(-i kappa.(m - x_0) - kappa.C kappa/2),
// however narrow it is: a point mass becomes the band-limited delta, and on a periodic axis the sum of all images.
#pragma once

#include <vector>

#include "solver/generator/fourier_generator.hpp"
#include "solver/law/law.hpp"

namespace umkehr {

/// Throws std::invalid_argument for a Gaussian whose mean lies outside of a non-periodic axis.
std::vector<double> fourier_state(FourierGenerator& generator, const Law& law);

}  // namespace umkehr
