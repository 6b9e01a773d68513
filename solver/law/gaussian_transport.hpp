// SPDX-License-Identifier: GPL-3.0-or-later
// What an affine process with quadratic killing does to every Gaussian between two times. In the homogeneous
// coordinates (x, 1) a law w N(m, C) becomes, with B = (1 + J C)^-1,
//   C' = E C B E^T + G,   m' = E B^T m,   ln w' = ln w - kappa - (ln det(1 + J C) + m.B J m)/2.
// E is the mean map of a point mass, G its covariance, J the information that killing extracts. Two intervals compose
// by the same formulas (the star product of the Riccati equation: Redheffer 1960; Saerkkae and Garcia-Fernandez,
// IEEE Trans. Automat. Control 66 (2021) 299), so nothing that decays is ever divided by. With E = 1 and
// J = 0 covariances add up (2.10).
#pragma once

#include <optional>

#include "grids/dense/eigen.hpp"
#include "solver/law/gaussian_mixture.hpp"

namespace umkehr {

struct GaussianTransport {
  Eigen::MatrixXd transition;   ///< E, (d + 1, d + 1), last row (0, 1)
  Eigen::MatrixXd noise;        ///< G, (d, d)
  Eigen::MatrixXd information;  ///< J, (d + 1, d + 1): of x, and of 1
  double cost = 0;              ///< kappa = 1/2 int tr(Q G)
  bool kills = false;           ///< else J and kappa are zero

  /// Over an interval of no length.
  static GaussianTransport identity(Eigen::Index dimension);
  /// This one, then `later`; nothing where a mass becomes infinite on the way.
  std::optional<GaussianTransport> then(const GaussianTransport& later) const;
  std::optional<Gaussian> operator()(const Gaussian& initial) const;
};

}  // namespace umkehr
