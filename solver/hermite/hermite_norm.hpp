// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "grids/dense/eigen.hpp"

namespace umkehr {

/// The Euclidean norm. Of a density's coefficients it bounds the integral of the size: int |sum c_n w psi_n| <= |c|.
inline double norm_of_coefficients(std::span<const double> coefficients) {
  return Eigen::Map<const Eigen::VectorXd>(coefficients.data(),
                                           static_cast<Eigen::Index>(coefficients.size()))
      .norm();
}

}  // namespace umkehr
