// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/kernels/axis_product.hpp"

#include <algorithm>

#include "grids/dense/dense_matrix.hpp"
#include "grids/machine/team.hpp"
#include "solver/stepping/flush_to_zero.hpp"

namespace umkehr {
namespace {

constexpr std::size_t lines_together = 32;

using Block = Eigen::Map<const Eigen::MatrixXd, 0, Eigen::OuterStride<>>;
using BlockOut = Eigen::Map<Eigen::MatrixXd, 0, Eigen::OuterStride<>>;

Eigen::OuterStride<> stride_of(std::size_t count) {
  return Eigen::OuterStride<>(static_cast<Eigen::Index>(count));
}

}  // namespace

std::vector<double> axis_product(const Eigen::MatrixXd& a, const std::vector<double>& in,
                                 std::vector<std::size_t>& points, std::size_t axis) {
  const auto rows = static_cast<std::size_t>(a.rows()), columns = points[axis];
  std::size_t outer = 1, inner = 1;
  for (std::size_t k = 0; k < axis; ++k) outer *= points[k];
  for (std::size_t k = axis + 1; k < points.size(); ++k) inner *= points[k];
  points[axis] = rows;
  std::vector<double> out(outer * rows * inner);
  const auto of = [](std::size_t n) { return static_cast<Eigen::Index>(n); };
  // Lines side by side are the rows of a block; where they lie end to end, its columns.
  const bool is_last = inner == 1;
  const std::size_t lines = is_last ? outer : inner, blocks = is_last ? 1 : outer,
                    pieces = (lines + lines_together - 1) / lines_together;
  const Eigen::MatrixXd transposed = a.transpose();
  const double a_piece = 0.1 * static_cast<double>(lines_together * rows * columns);
  share(blocks * pieces, a_piece, [&](std::size_t n) {
    const FlushToZero flush;
    const std::size_t block = n / pieces, first = n % pieces * lines_together,
                      count = std::min(lines_together, lines - first);
    if (is_last) {
      const Block before(&in[first * columns], of(columns), of(count), stride_of(columns));
      BlockOut(&out[first * rows], of(rows), of(count), stride_of(rows)) = product(a, before);
    } else {
      const Block before(&in[block * columns * inner + first], of(count), of(columns), stride_of(inner));
      BlockOut(&out[block * rows * inner + first], of(count), of(rows), stride_of(inner)) =
          product(before, transposed);
    }
  });
  return out;
}

}  // namespace umkehr
