// SPDX-License-Identifier: GPL-3.0-or-later
// Coordinates y_k = (x_k - m_k(r))/sigma_k(r) that move and spread with the law of a process dx = g dr + sqrt(D) dW. m and
// sigma follow the Gaussian closure dm/dr = E[g], dv_k/dr = 2 E[(x_k - m_k) g_k] + D_k, smoothed: any smooth choice is exact,
//   dy_k = (g_k - m_k' - sigma_k' y_k)/sigma_k dr + sqrt(D_k)/sigma_k dW.
#pragma once

#include <functional>
#include <vector>

#include "solver/process/vector_field.hpp"

namespace umkehr {

/// D at clock r.
using NoiseOfTime = std::function<std::vector<double>(double r)>;

class MovingFrame {
 public:
  /// From `mean` and `variance` at `start` on. An axis that is `fixed` keeps m = 0, sigma = 1. Throws NumericalFailure where the
  /// closure runs away.
  MovingFrame(const VectorField& drift, const NoiseOfTime& noise, std::vector<double> mean,
              std::vector<double> variance, std::vector<bool> fixed, double start, double stop);

  struct Placement {
    double centre = 0, width = 1, centre_rate = 0, width_rate = 0;
  };
  Placement at(std::size_t axis, double r) const;

 private:
  double start_, stop_;
  std::vector<bool> fixed_;
  std::vector<std::vector<double>> mean_,
      log_width_;  ///< Chebyshev coefficients over [start, stop], one list an axis
};

}  // namespace umkehr
