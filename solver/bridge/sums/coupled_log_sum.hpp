// SPDX-License-Identifier: GPL-3.0-or-later
// out(x1, x2) = ln sum_y exp(in(y1, y2) + x.M y) for two coupled axes of a grid (the third, if there is one, is a bystander),
// every coordinate from its axis' middle. For each x1
//   out(x1, x2) = ln sum_y2 exp(M22 x2 y2) sum_y1 exp(M21 x2 y1) exp(in + x1 (M11 y1 + M12 y2)),
// the inner sum by products of matrices (bilinear_log_sum.hpp).
#pragma once

#include <array>
#include <span>

#include "grids/dense/eigen.hpp"
#include "grids/grid.hpp"
#include "solver/bridge/sums/bilinear_log_sum.hpp"

namespace umkehr {

class CoupledLogSum {
 public:
  /// `coupling` is M of the two axes.
  CoupledLogSum(const Eigen::Matrix2d& coupling, const Grid& grid, std::array<std::size_t, 2> axes);
  void operator()(std::span<const double> in, std::span<double> out) const;
  std::size_t memory() const { return sum_.memory(); }

 private:
  struct Work;
  void line(std::size_t plane, std::size_t i1, const double* in, double* out, Work& work) const;
  void inner(const double* plane, double x1, Work& work) const;
  void outer(std::size_t i2, Work& work, double& out) const;

  Eigen::Matrix2d coupling_;
  std::array<CentredLine, 2> axis_;
  std::array<std::size_t, 2> stride_;
  std::size_t planes_, plane_stride_;
  BilinearLogSum sum_;  ///< over y1, for x2
};

}  // namespace umkehr
