// SPDX-License-Identifier: GPL-3.0-or-later
// A gridded density between its centres: tensor products of Lagrange polynomials on the 8 nearest centres, so order 8
// for smooth data and exact at the centres. Periodic axes wrap; elsewhere the stencil stays inside. What such a
// polynomial makes negative, though the data are not, is set to zero.
#pragma once

#include "solver/law/law.hpp"

namespace umkehr {

/// Values of an unnormalised gridded density at points; zero outside its grid.
void interpolate(const GriddedLaw& law, const Points& x, std::span<double> out);

}  // namespace umkehr
