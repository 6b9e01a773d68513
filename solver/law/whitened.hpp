// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "grids/dense/eigen.hpp"
#include "solver/law/gaussian_mixture.hpp"

namespace umkehr {

/// Lower Cholesky factor L of a covariance C = L L^T; nothing if C is singular to rounding in any units of the axes.
std::optional<Eigen::MatrixXd> cholesky_factor(const Eigen::MatrixXd& covariance);

/// ln w N(x; m, C) = constant - |W (x - m)|^2 / 2 for each component, W the inverse of the lower Cholesky factor.
struct GaussianMixture::Whitened {
  /// Nothing if some component of positive weight has no density. Components without weight are left out.
  static std::shared_ptr<const Whitened> of(const std::vector<Gaussian>& components);

  std::size_t count() const { return constant.size(); }

  std::size_t dimension = 0;
  std::vector<double> constant;
  std::vector<double> mean;     ///< (count, d)
  std::vector<double> inverse;  ///< (count, d, d), lower triangles
};

}  // namespace umkehr
