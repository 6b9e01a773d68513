// SPDX-License-Identifier: GPL-3.0-or-later
// The eigenfunctions of a spectrum as fields: normalised, with a phase, and Phi, under whose law they are orthogonal.
#pragma once

#include <vector>

#include "grids/grid.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// Phi at the centres, less its minimum; empty where there is none.
std::vector<double> potential(const Process& process, const Grid& grid);

/// Makes int |phi|^2 w = int w, w = exp(-Phi) or one, by the midpoint rule.
void normalise(const std::vector<double>& phi, std::vector<double>& re, std::vector<double>& im);
/// Makes the last large value, under the root of w, real and positive.
void orient(const std::vector<double>& phi, std::vector<double>& re, std::vector<double>& im);

/// psi exp(Phi/2); where psi has fallen below its roundoff, it goes on as it was at the nearest centre along the last axis
/// that tells. Centres that are not `kept` have no psi.
std::vector<double> function_of(const Grid& grid, const std::vector<double>& phi,
                                const std::vector<double>& psi, const std::vector<bool>& kept);

}  // namespace umkehr
