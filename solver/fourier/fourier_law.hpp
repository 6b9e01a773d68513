// SPDX-License-Identifier: GPL-3.0-or-later
// A density as a state of a FourierGenerator. A Gaussian's coefficients are known,
//   n/volume w exp(-i kappa.(m - x_0) - kappa.C kappa/2),
// however narrow it is, with the sum of all images on a periodic axis. A point mass becomes the band-limited delta, with
// its highest wavenumbers damped on a line so that it stays local; a formula in pieces is many point masses.
#pragma once

#include <vector>

#include "solver/fourier/fourier_generator.hpp"
#include "solver/law/law.hpp"

namespace umkehr {

/// Throws UnfitProblem for a Gaussian whose mean lies outside of a non-periodic axis.
std::vector<double> fourier_state(FourierGenerator& generator, const Law& law);
/// Of its values at the centres.
std::vector<double> sampled_fourier_state(FourierGenerator& generator, const Law& law);

}  // namespace umkehr
