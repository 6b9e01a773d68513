// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/sums/space_log_sum.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "grids/failure.hpp"
#include "grids/log_sum_exp.hpp"
#include "grids/machine/infinity.hpp"
#include "grids/machine/team.hpp"

namespace umkehr {
namespace {

constexpr double max_cells =
    32.0 * 32 * 32;  // minutes for all sums of a bridge; they grow with the square of the cells

const Grid& affordable(const Grid& grid) {
  if (static_cast<double>(grid.size()) <= max_cells) return grid;
  throw UnfitProblem("the closed form couples all 3 axes, which takes the square of the " +
                     std::to_string(grid.size()) +
                     " cells; take at most 32 points an axis, or method propagator");
}

Points from_the_middle(const Grid& grid) {
  Points x = grid.centres();
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    for (double& each : x[k]) each -= 0.5 * (grid.axis(k).from + grid.axis(k).to);
  return x;
}

}  // namespace

SpaceLogSum::SpaceLogSum(const Eigen::Matrix3d& coupling, const Grid& grid)
    : coupling_(coupling),
      centred_(from_the_middle(affordable(grid))),
      points_(grid.axis(0).points),
      plane_size_(grid.stride(0)),
      plane_(coupling.bottomRightCorner<2, 2>(), grid, {1, 2}),
      tilted_(grid.size()),
      sums_(grid.size()) {}

void SpaceLogSum::operator()(std::span<const double> in, std::span<double> out) {
  for (std::size_t i1 = 0; i1 < points_; ++i1) {
    tilt(centred_[0][i1 * plane_size_], in);
    plane_(tilted_, sums_);
    sum_over_first(i1, out.subspan(i1 * plane_size_, plane_size_));
  }
}

void SpaceLogSum::tilt(double x1, std::span<const double> in) {
  for (std::size_t n = 0; n < in.size(); ++n)
    tilted_[n] = in[n] + x1 * (coupling_(0, 0) * centred_[0][n] + coupling_(0, 1) * centred_[1][n] +
                               coupling_(0, 2) * centred_[2][n]);
}

void SpaceLogSum::sum_over_first(std::size_t i1, std::span<double> out) const {
  const double a_cell = 10 * static_cast<double>(points_);
  share(plane_size_, a_cell, [&](std::size_t n) {
    const std::size_t cell = i1 * plane_size_ + n;
    const double slope = coupling_(1, 0) * centred_[1][cell] + coupling_(2, 0) * centred_[2][cell];
    std::vector<double> exponent(points_);
    for (std::size_t j = 0; j < points_; ++j)
      exponent[j] = sums_[j * plane_size_ + n] + slope * centred_[0][j * plane_size_];
    out[n] = log_sum_exp(exponent);
  });
}

std::size_t SpaceLogSum::memory() const {
  return plane_.memory() + 5 * tilted_.size() * sizeof(double);
}

}  // namespace umkehr
