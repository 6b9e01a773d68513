// SPDX-License-Identifier: GPL-3.0-or-later
// Anderson's acceleration of a fixed point g = Phi(g): of the affine combinations of the last images, the one whose
// residuals Phi(g) - g cancel best in a weighted mean square,
//   g_next = Phi(g) - sum_j gamma_j (Phi(g_j+1) - Phi(g_j)),  |r - sum_j gamma_j (r_j+1 - r_j)|_w least.
// Anderson, J. ACM 12 (1965) 547; Walker and Ni, SIAM J. Numer. Anal. 49 (2011) 1715. Sums are taken in fixed blocks.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "grids/machine/lane_buffer.hpp"

namespace umkehr {

class Anderson {
 public:
  /// `weights` of the mean square; `depth` differences are kept, none for plain iteration.
  Anderson(std::vector<double> weights, std::size_t depth);

  /// The next g from the image Phi(g) and the residual r = Phi(g) - g, into `next`.
  void operator()(std::span<const double> image, std::span<const double> residual, std::span<double> next);
  /// Forgets what came before.
  void restart() { known_ = 0, has_last_ = false; }

 private:
  void remember(std::span<const double> image, std::span<const double> residual);
  std::vector<double> coefficients(std::span<const double> residual) const;

  LaneBuffer weights_;
  std::size_t depth_, known_ = 0, place_ = 0;
  bool has_last_ = false;
  std::vector<LaneBuffer> images_, residuals_;  // differences
  LaneBuffer last_image_, last_residual_;
  std::vector<double> gram_;  // (depth, depth) of the residuals' differences
};

}  // namespace umkehr
