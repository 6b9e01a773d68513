// SPDX-License-Identifier: GPL-3.0-or-later
// out(x) = ln sum_y exp(in(y) + x.M y) for the three coupled axes of a grid, every coordinate from its axis' middle. For each x1
//   out(x1, x2, x3) = ln sum_y1 exp((M21 x2 + M31 x3) y1 + s(y1, x2, x3)),
//   s(y1, x2, x3) = ln sum_y2,y3 exp(in + x1 (M1 . y) + (x2, x3).M' (y2, y3)),
// the inner sum, of which y1 is a bystander, by CoupledLogSum: 2 n^6 operations in all, and no n^3 x n^3 matrix.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "solver/bridge/sums/coupled_log_sum.hpp"

namespace umkehr {

class SpaceLogSum {
 public:
  /// `coupling` is M. Throws UnfitProblem for a grid on which a sum would take minutes.
  SpaceLogSum(const Eigen::Matrix3d& coupling, const Grid& grid);
  void operator()(std::span<const double> in, std::span<double> out);
  std::size_t memory() const;

 private:
  void tilt(double x1, std::span<const double> in);
  void sum_over_first(std::size_t i1, std::span<double> out) const;

  Eigen::Matrix3d coupling_;
  Points centred_;  ///< coordinates of all cells from the middles of their axes
  std::size_t points_, plane_size_;
  CoupledLogSum plane_;
  std::vector<double> tilted_, sums_;
};

}  // namespace umkehr
