// SPDX-License-Identifier: GPL-3.0-or-later
// ln G(y, stop | x, start) of an affine process with quadratic killing (affine.hpp): with mean E x + e, covariance C and
// the information J that killing extracts,
//   ln G = -kappa - x.J x/2 - (y - E x - e).C^-1 (y - E x - e)/2 - ln det(2 pi C)/2
//        = (x - c).M (y - c) + q(x) + p(y),  M = E^T C^-1,
// c a centre, so that little is lost where squares cancel.
#pragma once

#include "grids/dense/eigen.hpp"
#include "solver/bridge/sums/quadratic.hpp"
#include "solver/law/affine.hpp"

namespace umkehr {

struct GaussianForm {
  Eigen::MatrixXd coupling;  ///< M
  Quadratic at_start;        ///< q
  Quadratic at_stop;         ///< p
};

/// Throws UnfitProblem where the law of a point has no density, and as AffineProcess::transport.
GaussianForm gaussian_form(const AffineProcess& process, double start, double stop,
                           const Eigen::VectorXd& centre);

}  // namespace umkehr
