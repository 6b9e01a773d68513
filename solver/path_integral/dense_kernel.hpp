// SPDX-License-Identifier: GPL-3.0-or-later
// The short-time kernel on one axis as a matrix, K_ij = K(x_i, s + h | x_j, s), and its products: the propagator as the
// sliced integral over all paths (2.11, 2.20), K(t|s) = int dx_1 .. dx_{n-1} K(t|t_{n-1}) .. K(t_1|s), by the midpoint
// rule at the centres, which for kernels of a width above 1.2 cells is exact to 1e-12.
//   order 1 (2.18, 2.32):  K(x|y) = N(x; y + F(y, s) h, D(s) h) exp(-V(y, s) h)
//   order 2:  K(x|y) = exp(-V(x) h/2) int dz N(x; phi_h(z), D h/2) N(z; y, D h/2) exp(-V(y) h/2), at the slice's middle,
// phi_h the flow of the drift. N is summed over its images in the walls. Slices weighed by exp(-V h) compose to the kernel
// without killing times the mean of exp(-int V) over the paths between both points, which is what (2.31) must mean.
#pragma once

#include <cstddef>
#include <span>

#include "grids/dense/eigen.hpp"
#include "grids/interpolation/spline.hpp"
#include "solver/path_integral/drift_push.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

class DenseKernel {
 public:
  /// Throws UnfitProblem unless `order` is 1 or 2, process and axis are of one dimension, and there are at most
  /// 4096 points.
  DenseKernel(const Process& process, const Axis& axis, int order);

  /// One slice. Throws UnfitProblem where it is narrower than the axis resolves: there are then too many slices.
  Eigen::MatrixXd slice(double start, double length) const;
  /// K(x_i, stop | x_j, start) in equal slices. A process that does not depend on time takes 2 log2(slices) products.
  Eigen::MatrixXd propagator(double start, double stop, std::size_t slices) const;
  /// The most slices of equal length that the axis resolves between two times.
  std::size_t max_slices(double start, double stop) const;
  const Axis& axis() const { return grid_.axis(0); }

 private:
  Eigen::MatrixXd gaussian(const std::vector<double>& centres, double variance) const;
  void image_sum(double y, double variance, std::span<double> out) const;

  Grid grid_;
  Process process_;
  int order_;
  SplineGrid spline_;
  mutable DriftPush push_;
};

/// int dxi K(x|xi) K(xi|y): the Chapman-Kolmogorov equation (2.20).
Eigen::MatrixXd compose(const Eigen::MatrixXd& later, const Eigen::MatrixXd& earlier, double spacing);

}  // namespace umkehr
