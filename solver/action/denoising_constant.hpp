// SPDX-License-Identifier: GPL-3.0-or-later
// By how much the denoising loss exceeds the action gap (3.43), whatever the score:
//   C = 1/2 int sum_k D_k (E |d_k ln P(x|x_0)|^2 - E |d_k ln P|^2) dt = I(x_start; x_0) - I(x_stop; x_0),
// I(x_t; x_0) = h(P_t) - E h(P_t(.|x_0)) the mutual information with the law x_0 at the start of the process. Under an affine
// process the kernel's entropy does not depend on x_0, so C is exact for mixtures. It grows like d/2 ln(1/v) at the data end
// for a density and stays below ln N for N points.
#pragma once

#include "solver/law/affine.hpp"

namespace umkehr {

/// I(x_t; x_0) for x_0 of the law `initial` at `origin` <= t. At t = origin it is the entropy of the weights for point masses,
/// and infinite for any other law. Throws UnfitProblem if the process is killed, t < origin, or the noise does not
/// reach every direction by then.
double mutual_information(const AffineProcess& process, const GaussianMixture& initial, double origin,
                          double t);

double denoising_constant(const AffineProcess& process, const GaussianMixture& initial, double origin,
                          double start, double stop);

}  // namespace umkehr
