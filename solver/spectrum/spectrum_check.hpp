// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/spectrum/spectrum.hpp"

namespace umkehr {

/// Throws UnfitProblem where solve_spectrum() would before it computes: the method does not fit, or its matrix is
/// too large.
void check_spectrum(const Process& process, const Grid& grid, double t, const SpectrumChoices& choices);

}  // namespace umkehr
