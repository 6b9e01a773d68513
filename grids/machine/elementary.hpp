// SPDX-License-Identifier: GPL-3.0-or-later
// Elementary functions over arrays, eight lanes at a time. A result depends on its own argument alone, not on its place
// in the array. Errors below 3 ulp.
//
// exp: see lanes.hpp. log, sin, cos: reductions and polynomials of FreeBSD's msun (e_log.c, e_rem_pio2.c, k_sin.c,
// k_cos.c; Sun Microsystems 1993); beyond |x| = 1e5, where three-part reduction ends, the C library's sin and cos.
// tanh: Cephes' rational function below 0.625 (Moshier 1988), 1 - 2/(exp(2x) + 1) above.
#pragma once

#include <span>

#include "grids/machine/lanes.hpp"

namespace umkehr::lanes {

/// out[i] = f(x[i]). `out` is as long as `x`, and may be `x` itself.
void exp(std::span<const double> x, std::span<double> out);
void log(std::span<const double> x, std::span<double> out);
void sin(std::span<const double> x, std::span<double> out);
void cos(std::span<const double> x, std::span<double> out);
void tanh(std::span<const double> x, std::span<double> out);

}  // namespace umkehr::lanes
