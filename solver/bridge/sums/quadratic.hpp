// SPDX-License-Identifier: GPL-3.0-or-later
// f(x) = value + gradient.(x - centre) - (x - centre).curvature (x - centre)/2: the logarithm of a Gaussian factor, which
// need not be integrable. Written about a centre near which it is wanted, so that its terms do not cancel.
#pragma once

#include <span>

#include "grids/dense/eigen.hpp"
#include "grids/points.hpp"
#include "solver/law/gaussian_mixture.hpp"

namespace umkehr {

struct Quadratic {
  Eigen::VectorXd centre;     ///< (d)
  double value = 0;           ///< at the centre
  Eigen::VectorXd gradient;   ///< at the centre, (d)
  Eigen::MatrixXd curvature;  ///< minus the second derivatives, (d, d), symmetric

  double operator()(const Eigen::VectorXd& x) const;
  Eigen::VectorXd slope(const Eigen::VectorXd& x) const;  ///< grad f
  /// The same function about another centre.
  Quadratic about(const Eigen::VectorXd& other) const;
  /// E[f] under a normal law, its weight left out.
  double mean(const Gaussian& law) const;

  /// f and d_k f at a batch of points.
  void values(const Points& x, std::span<double> out) const;
  void derivatives(const Points& x, std::size_t axis, std::span<double> out) const;
};

/// ln N(x; m, C), the weight left out. Throws UnfitProblem if C is singular.
Quadratic log_normal(const Gaussian& law);

}  // namespace umkehr
