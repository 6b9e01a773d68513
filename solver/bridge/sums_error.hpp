// SPDX-License-Identifier: GPL-3.0-or-later
// What sums over cells leave of the integrals of a bridge. Of smooth functions that vanish at walls they converge faster
// than any power of the spacing h, like exp(-c/h) or, of Gaussians, exp(-c/h^2) (Trefethen and Weideman, SIAM Rev. 56
// (2014) 385): the error is then that of sums over every second cell to the power 2 to 4 (3 is the most that is taken), which
// sums over every third tell.
#pragma once

#include "solver/bridge/kernels/kernel.hpp"
#include "solver/bridge/schroedinger_system.hpp"

namespace umkehr {

/// Of D_KL(H* || G): of int dx_f G(x_f | x_i) chi(x_f) on average over P_i, and of its transpose over P_f.
double error_of_sums(Kernel& kernel, const SchroedingerSolution& solution);

}  // namespace umkehr
