// SPDX-License-Identifier: GPL-3.0-or-later
// s(x_i) = ln sum_j exp(w(y_j) + m x_i y_j) for many lines w, x and y equally spaced about zero: the sum that every
// Gaussian kernel is, once its squares are moved into w and s. Both axes are cut into tiles with centres X_I and Y_J, within
// which x = X_I + dx, y = Y_J + dy and
//   m x y = m X_I Y_J + m X_I dy + m Y_J dx + m dx dy.
// The last term is the same in all tiles, so each pair of tiles is a product with one small matrix exp(m dx dy), of
// exp(w + m X_I dy) over its own maximum; tiles are so short that |m dx dy| <= 250, and no summand that counts leaves the
// range of doubles, however large w is. The order of sums is fixed.
#pragma once

#include <cstddef>
#include <vector>

#include "grids/machine/lane_buffer.hpp"

namespace umkehr {

/// Points and their spacing, centred at zero.
struct CentredLine {
  std::size_t points = 1;
  double spacing = 1;

  double operator[](std::size_t i) const {
    return (static_cast<double>(i) - 0.5 * (static_cast<double>(points) - 1)) * spacing;
  }
};

class BilinearLogSum {
 public:
  BilinearLogSum(double coupling, CentredLine out, CentredLine in);

  /// What one thread works in. `panel` is filled by the user: entry (y_j, line l) at place(j, l), all others -infinity.
  struct Workspace {
    LaneBuffer panel, scaled, sums, largest, reference, result;
  };
  /// For `lines` lines at once: 1, or a multiple of 8.
  Workspace workspace(std::size_t lines) const;
  std::size_t place(std::size_t j, std::size_t l, std::size_t lines) const {
    return j % in_tile_ * columns(lines) + j / in_tile_ * lines + l;
  }
  void fill_with_one_line(const double* line, Workspace& work) const;

  /// Tiles of the result, each on its own: fills `result` with (x_i, line), first(tile) <= i < last(tile).
  std::size_t tiles() const { return out_tiles_; }
  std::size_t first(std::size_t tile) const { return tile * out_tile_; }
  std::size_t last(std::size_t tile) const;
  void operator()(std::size_t tile, std::size_t lines, Workspace& work) const;

  std::size_t memory() const { return matrix_.size() * sizeof(double); }

 private:
  std::size_t columns(std::size_t lines) const;
  double tile_centre(const CentredLine& line, std::size_t tile, std::size_t length) const;
  void scale(double centre, std::size_t columns, Workspace& work) const;
  void multiply(std::size_t columns, Workspace& work) const;
  void combine(double centre, std::size_t lines, Workspace& work) const;
  void combine_tiles_of_one_line(double centre, Workspace& work) const;

  double coupling_;
  CentredLine out_, in_;
  std::size_t out_tiles_ = 1, out_tile_ = 1, in_tiles_ = 1, in_tile_ = 1;
  std::vector<double> tile_middle_;  // of y
  std::size_t padded_ = 0;           // rows of the matrix: out_tile_ filled up to whole vectors
  LaneBuffer matrix_;                // exp(m dx dy), (rows / 8, dy, 8)
};

}  // namespace umkehr
