// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/sums/line_log_sum.hpp"

#include <algorithm>
#include <vector>

#include "grids/machine/team.hpp"
#include "solver/stepping/flush_to_zero.hpp"

namespace umkehr {
namespace {

constexpr std::size_t lines_together = 16;  // lines

CentredLine centred_line(const Axis& axis) {
  return {axis.points, axis.spacing()};
}

}  // namespace

LineLogSum::LineLogSum(double coupling, const Grid& grid, std::size_t axis)
    : sum_(coupling, centred_line(grid.axis(axis)), centred_line(grid.axis(axis))),
      points_(grid.axis(axis).points),
      stride_(grid.stride(axis)),
      size_(grid.size()) {}

void LineLogSum::operator()(std::span<const double> in, std::span<double> out) const {
  if (points_ == size_) return single_line(in, out);
  const std::size_t blocks = (size_ / points_ + lines_together - 1) / lines_together;
  const double a_block = 0.7 * static_cast<double>(lines_together * points_ * points_);
  const FlushToZero flush;
  share_pieces({blocks, a_block}, [&](const Piece& piece) {
    BilinearLogSum::Workspace work = sum_.workspace(lines_together);
    for (std::size_t n = piece.first; n < piece.last; ++n) block(n, in.data(), out.data(), work);
  });
}

void LineLogSum::single_line(std::span<const double> in, std::span<double> out) const {
  BilinearLogSum::Workspace filled = sum_.workspace(1);
  sum_.fill_with_one_line(in.data(), filled);
  const std::size_t tiles = sum_.tiles();
  const double a_tile = 0.7 * static_cast<double>(points_ * points_ / tiles);
  const FlushToZero flush;
  share_pieces({tiles, a_tile}, [&](const Piece& piece) {
    BilinearLogSum::Workspace work = sum_.workspace(1);
    work.panel = filled.panel;
    for (std::size_t tile = piece.first; tile < piece.last; ++tile) {
      sum_(tile, 1, work);
      std::copy_n(work.result.begin(), sum_.last(tile) - sum_.first(tile),
                  out.begin() + static_cast<std::ptrdiff_t>(sum_.first(tile)));
    }
  });
}

/// Up to `together` lines from number n * together on; lines beyond the last repeat it.
void LineLogSum::block(std::size_t n, const double* in, double* out, BilinearLogSum::Workspace& work) const {
  std::size_t start[lines_together];
  const std::size_t lines = size_ / points_, count = std::min(lines_together, lines - n * lines_together);
  for (std::size_t l = 0; l < lines_together; ++l) {
    const std::size_t line = n * lines_together + std::min(l, count - 1);
    start[l] = line / stride_ * stride_ * points_ + line % stride_;
  }
  for (std::size_t j = 0; j < points_; ++j) {
    double* row = &work.panel[sum_.place(j, 0, lines_together)];
    for (std::size_t l = 0; l < lines_together; ++l) row[l] = in[start[l] + j * stride_];
  }
  for (std::size_t tile = 0; tile < sum_.tiles(); ++tile) {
    sum_(tile, lines_together, work);
    const std::size_t first = sum_.first(tile);
    for (std::size_t i = first; i < sum_.last(tile); ++i)
      for (std::size_t l = 0; l < count; ++l)
        out[start[l] + i * stride_] = work.result[(i - first) * lines_together + l];
  }
}

}  // namespace umkehr
