// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/sums/coupled_log_sum.hpp"

#include <algorithm>
#include <cmath>

#include "grids/machine/elementary.hpp"
#include "grids/machine/infinity.hpp"
#include "grids/machine/team.hpp"
#include "solver/stepping/flush_to_zero.hpp"

namespace umkehr {
namespace {

constexpr std::size_t values_together = 16;  // values of y2

CentredLine coupled_line(const Axis& axis) {
  return {axis.points, axis.spacing()};
}

std::size_t whole_values(std::size_t count) {
  return (count + values_together - 1) / values_together * values_together;
}

}  // namespace

struct CoupledLogSum::Work {
  BilinearLogSum::Workspace lines;
  LaneBuffer inner;  ///< (x2, y2), filled up with -infinity
  LaneBuffer row;
};

CoupledLogSum::CoupledLogSum(const Eigen::Matrix2d& coupling, const Grid& grid,
                             std::array<std::size_t, 2> axes)
    : coupling_(coupling),
      axis_{coupled_line(grid.axis(axes[0])), coupled_line(grid.axis(axes[1]))},
      stride_{grid.stride(axes[0]), grid.stride(axes[1])},
      planes_(grid.size() / (axis_[0].points * axis_[1].points)),
      plane_stride_(1),
      sum_(coupling(1, 0), axis_[1], axis_[0]) {
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    if (k != axes[0] && k != axes[1]) plane_stride_ = grid.stride(k);
}

void CoupledLogSum::operator()(std::span<const double> in, std::span<double> out) const {
  const std::size_t rows = planes_ * axis_[0].points;
  const double terms = static_cast<double>(axis_[0].points * axis_[1].points);
  const double a_row = terms * static_cast<double>(axis_[0].points + axis_[1].points);
  const FlushToZero flush;
  share_pieces({rows, a_row}, [&](const Piece& piece) {
    const std::size_t pitch = whole_values(axis_[1].points);
    Work work{sum_.workspace(values_together), LaneBuffer(axis_[1].points * pitch, -infinity),
              LaneBuffer(pitch)};
    for (std::size_t n = piece.first; n < piece.last; ++n)
      line(n / axis_[0].points, n % axis_[0].points, in.data(), out.data(), work);
  });
}

void CoupledLogSum::line(std::size_t plane, std::size_t i1, const double* in, double* out, Work& work) const {
  inner(in + plane * plane_stride_, axis_[0][i1], work);
  for (std::size_t i2 = 0; i2 < axis_[1].points; ++i2)
    outer(i2, work, out[plane * plane_stride_ + i1 * stride_[0] + i2 * stride_[1]]);
}

void CoupledLogSum::inner(const double* plane, double x1, Work& work) const {
  const std::size_t n1 = axis_[0].points, n2 = axis_[1].points, pitch = whole_values(n2);
  for (std::size_t first = 0; first < n2; first += values_together) {
    for (std::size_t j1 = 0; j1 < n1; ++j1) {
      double* row = &work.lines.panel[sum_.place(j1, 0, values_together)];
      const double tilt = coupling_(0, 0) * x1 * axis_[0][j1];
      for (std::size_t l = 0; l < values_together; ++l) {
        const std::size_t j2 = std::min(first + l, n2 - 1);
        row[l] = plane[j1 * stride_[0] + j2 * stride_[1]] + (tilt + coupling_(0, 1) * x1 * axis_[1][j2]);
      }
    }
    const std::size_t count = std::min(values_together, n2 - first);
    for (std::size_t tile = 0; tile < sum_.tiles(); ++tile) {
      sum_(tile, values_together, work.lines);
      for (std::size_t i = sum_.first(tile); i < sum_.last(tile); ++i)
        std::copy_n(&work.lines.result[(i - sum_.first(tile)) * values_together], count,
                    &work.inner[i * pitch + first]);
    }
  }
}

void CoupledLogSum::outer(std::size_t i2, Work& work, double& out) const {
  const std::size_t n2 = axis_[1].points, pitch = whole_values(n2);
  const double slope = coupling_(1, 1) * axis_[1][i2];
  double largest = -infinity;
  for (std::size_t j = 0; j < n2; ++j) {
    work.row[j] = work.inner[i2 * pitch + j] + slope * axis_[1][j];
    largest = std::max(largest, work.row[j]);
  }
  if (largest == -infinity) {
    out = -infinity;
    return;
  }
  for (std::size_t j = 0; j < n2; ++j) work.row[j] -= largest;
  const std::span<double> row(work.row.data(), n2);
  lanes::exp(row, row);
  double sum = 0;
  for (const double each : row) sum += each;
  out = largest + std::log(sum);
}

}  // namespace umkehr
