// SPDX-License-Identifier: GPL-3.0-or-later
// The value of an affine process in closed form but for an integral: from x at t its law at `stop` is w(x) N(m(x), C),
//   J(x, t) = w(x) E[J1(m(x) + C^(1/2) Z)]  (2.27, 2.29),
// the mean over Z by Gauss-Hermite quadrature along the principal axes of C, with as many nodes as J1 asks for.
#pragma once

#include <span>

#include "grids/points.hpp"
#include "solver/law/affine.hpp"
#include "solver/process/coefficient.hpp"

namespace umkehr {

/// out[i] = J at point i. Returns the estimated error relative to the largest value: below 1e-12 where J1 is smooth on
/// the scale of C^(1/2). Throws UnfitProblem as AffineProcess::push does, and where J1 is not finite.
double affine_value(const AffineProcess& process, const Coefficient& terminal, double t, double stop,
                    const Points& x, std::span<double> out);

}  // namespace umkehr
