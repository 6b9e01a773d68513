// SPDX-License-Identifier: GPL-3.0-or-later
// exp(-A) b for a symmetric tridiagonal A >= 0, by the best rational approximation of degree 14 to exp(z) on z <= 0,
//   exp(z) ~ alpha_0 + 2 Re sum_j alpha_j / (z - theta_j),  error 2e-14 everywhere
// (Cody, Meinardus & Varga, J. Approx. Theory 2 (1969) 50; coefficients of Pusa, Nucl. Sci. Eng. 169 (2011) 155).
#pragma once

#include "grids/dense/eigen.hpp"

namespace umkehr {

struct Exponentials {
  Eigen::VectorXd decayed;   ///< exp(-A) b
  Eigen::VectorXd averaged;  ///< int_0^1 exp(-s A) b ds
};

/// A = scale times the matrix with this diagonal and subdiagonal.
Exponentials rational_exponentials(const Eigen::VectorXd& diagonal, const Eigen::VectorXd& subdiagonal,
                                   double scale, const Eigen::VectorXd& b);

}  // namespace umkehr
