// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/sums/bilinear_log_sum.hpp"

#include <algorithm>
#include <cmath>

#include "grids/machine/elementary.hpp"
#include "grids/machine/infinity.hpp"
#include "grids/machine/lanes.hpp"
#include "grids/machine/transpose.hpp"
#include "grids/machine/unrolled.hpp"

namespace umkehr {
namespace {

constexpr double widest_tile = 250;        // of the exponents in a tile
constexpr std::size_t longest_tile = 128;  // two matrices of them fit into a second-level cache
constexpr std::size_t width = lanes::width;

std::size_t whole_units(std::size_t count, std::size_t unit) {
  return (count + unit - 1) / unit * unit;
}

/// So many points a tile that tiles of both lines together stay within the range.
std::size_t tile_length(double coupling, const CentredLine& line, const CentredLine& other) {
  const double step = std::sqrt(std::abs(coupling) * line.spacing * other.spacing);
  const double points = std::max(2.0, std::min(2 * std::sqrt(widest_tile) / step, double{longest_tile}));
  const std::size_t tiles = static_cast<std::size_t>(std::ceil(static_cast<double>(line.points) / points));
  const std::size_t even = (line.points + tiles - 1) / tiles;
  return tiles == 1
             ? even
             : std::min(whole_units(even, width), std::max<std::size_t>(2, static_cast<std::size_t>(points)));
}

[[gnu::always_inline]] inline Lanes larger(Lanes a, Lanes b) {
  return lanes::select(a > b, a, b);
}

[[gnu::always_inline]] inline Lanes finite_or_zero(Lanes a) {
  return lanes::select(a == -infinity, lanes::broadcast(0.0), a);
}

/// out(8, 8 V) = sum_k a(k, 8) b(k, 8 V)
template <int V>
[[gnu::always_inline]] inline void block_product(const double* a, const double* b, std::size_t pitch,
                                                 std::size_t depth, double* out) {
  Lanes sum[width][V];
  for (auto& row : sum)
    for (Lanes& each : row) each = lanes::broadcast(0.0);
  for (std::size_t k = 0; k < depth; ++k, a += width, b += pitch) {
    Lanes right[V];
    unrolled<V>([&](auto v) UMKEHR_INLINE { right[v] = lanes::load(b + v * width); });
    unrolled<static_cast<int>(width)>([&](auto r) UMKEHR_INLINE {
      const Lanes left = lanes::broadcast(a[r]);
      unrolled<V>([&](auto v) UMKEHR_INLINE { sum[r][v] += left * right[v]; });
    });
  }
  unrolled<static_cast<int>(width)>([&](auto r) UMKEHR_INLINE {
    unrolled<V>([&](auto v) UMKEHR_INLINE { lanes::store(out + r * pitch + v * width, sum[r][v]); });
  });
}

}  // namespace

BilinearLogSum::BilinearLogSum(double coupling, CentredLine out, CentredLine in)
    : coupling_(coupling), out_(out), in_(in) {
  out_tile_ = tile_length(coupling, out, in);
  in_tile_ = tile_length(coupling, in, out);
  out_tiles_ = (out.points + out_tile_ - 1) / out_tile_;
  in_tiles_ = (in.points + in_tile_ - 1) / in_tile_;
  for (std::size_t t = 0; t < in_tiles_; ++t) tile_middle_.push_back(tile_centre(in_, t, in_tile_));
  padded_ = whole_units(out_tile_, width);
  matrix_.assign(padded_ * in_tile_, 0.0);
  const CentredLine x{out_tile_, out.spacing}, y{in_tile_, in.spacing};
  for (std::size_t i = 0; i < out_tile_; ++i)
    for (std::size_t j = 0; j < in_tile_; ++j)
      matrix_[(i / width * in_tile_ + j) * width + i % width] = std::exp(coupling * x[i] * y[j]);
}

std::size_t BilinearLogSum::columns(std::size_t lines) const {
  return lines == 1 ? whole_units(in_tiles_, width) : in_tiles_ * lines;
}

std::size_t BilinearLogSum::last(std::size_t tile) const {
  return std::min(out_.points, (tile + 1) * out_tile_);
}

double BilinearLogSum::tile_centre(const CentredLine& line, std::size_t tile, std::size_t length) const {
  return line[tile * length] + 0.5 * (static_cast<double>(length) - 1) * line.spacing;
}

BilinearLogSum::Workspace BilinearLogSum::workspace(std::size_t lines) const {
  Workspace work;
  const std::size_t count = columns(lines);
  work.panel.assign(in_tile_ * count, -infinity);
  work.scaled.resize(in_tile_ * count);
  work.sums.resize(padded_ * count);
  work.largest.resize(count);
  work.reference.resize(padded_ * lines);
  work.result.resize(padded_ * lines);
  return work;
}

void BilinearLogSum::fill_with_one_line(const double* line, Workspace& work) const {
  const std::size_t pitch = columns(1);
  for (std::size_t first = 0, t = 0; first < in_.points; first += in_tile_, ++t)
    for (std::size_t j = 0; j < std::min(in_tile_, in_.points - first); ++j)
      work.panel[j * pitch + t] = line[first + j];
}

void BilinearLogSum::operator()(std::size_t tile, std::size_t lines, Workspace& work) const {
  const double centre = tile_centre(out_, tile, out_tile_);
  scale(centre, columns(lines), work);
  multiply(columns(lines), work);
  lines == 1 ? combine_tiles_of_one_line(centre, work) : combine(centre, lines, work);
  const std::span<double> result(work.result.data(), out_tile_ * lines);
  lanes::log(result, result);
  for (std::size_t n = 0; n < result.size(); ++n) result[n] += work.reference[n];
}

/// exp(w + m X_I dy - largest), and the largest of each column.
void BilinearLogSum::scale(double centre, std::size_t columns, Workspace& work) const {
  const CentredLine y{in_tile_, in_.spacing};
  const double slope = coupling_ * centre;
  for (std::size_t c = 0; c < columns; c += width) {
    Lanes largest = lanes::broadcast(-infinity);
    for (std::size_t j = 0; j < in_tile_; ++j)
      largest = larger(lanes::load(&work.panel[j * columns + c]) + slope * y[j], largest);
    const Lanes shift = finite_or_zero(largest);
    for (std::size_t j = 0; j < in_tile_; ++j)
      lanes::store(&work.scaled[j * columns + c],
                   lanes::exp(lanes::load(&work.panel[j * columns + c]) + slope * y[j] - shift));
    lanes::store(&work.largest[c], largest);
  }
}

void BilinearLogSum::multiply(std::size_t columns, Workspace& work) const {
  std::size_t c = 0;
  for (; c + 2 * width <= columns; c += 2 * width)
    for (std::size_t r = 0; r < padded_; r += width)
      block_product<2>(&matrix_[r * in_tile_], &work.scaled[c], columns, in_tile_,
                       &work.sums[r * columns + c]);
  for (; c < columns; c += width)
    for (std::size_t r = 0; r < padded_; r += width)
      block_product<1>(&matrix_[r * in_tile_], &work.scaled[c], columns, in_tile_,
                       &work.sums[r * columns + c]);
}

/// Sum over the tiles of y, each times exp(largest + m X_I Y_J + m Y_J dx), over the largest such factor.
void BilinearLogSum::combine(double centre, std::size_t lines, Workspace& work) const {
  const CentredLine x{out_tile_, out_.spacing};
  const std::size_t count = columns(lines);
  std::vector<double> turn(in_tiles_);
  for (std::size_t i = 0; i < out_tile_; ++i) {
    for (std::size_t t = 0; t < in_tiles_; ++t) turn[t] = coupling_ * (centre + x[i]) * tile_middle_[t];
    for (std::size_t l = 0; l < lines; l += width) {
      Lanes reference = lanes::broadcast(-infinity), sum = lanes::broadcast(0.0);
      for (std::size_t t = 0; t < in_tiles_; ++t)
        reference = larger(lanes::load(&work.largest[t * lines + l]) + turn[t], reference);
      const Lanes shift = finite_or_zero(reference);
      for (std::size_t t = 0; t < in_tiles_; ++t) {
        const Lanes exponent = lanes::load(&work.largest[t * lines + l]) + turn[t] - shift;
        const Lanes each = lanes::load(&work.sums[i * count + t * lines + l]);
        sum += in_tiles_ == 1 ? each : each * lanes::exp(exponent);
      }
      lanes::store(&work.result[i * lines + l], sum);
      lanes::store(&work.reference[i * lines + l], shift);
    }
  }
}

/// The same with the tiles of y side by side: eight rows at once, turned so that rows are lanes.
void BilinearLogSum::combine_tiles_of_one_line(double centre, Workspace& work) const {
  const CentredLine x{out_tile_, out_.spacing};
  const std::size_t count = columns(1);
  Lanes rows = lanes::broadcast(centre);
  for (std::size_t lane = 0; lane < width; ++lane) rows[lane] += x[lane];
  for (std::size_t i = 0; i < padded_; i += width) {
    const Lanes at = coupling_ * (rows + static_cast<double>(i) * out_.spacing);
    const auto exponent = [&](std::size_t t) { return work.largest[t] + at * tile_middle_[t]; };
    Lanes reference = lanes::broadcast(-infinity), sum = lanes::broadcast(0.0);
    for (std::size_t t = 0; t < in_tiles_; ++t) reference = larger(exponent(t), reference);
    const Lanes shift = finite_or_zero(reference);
    for (std::size_t t = 0; t < count; t += width) {
      Lanes sums[width];
      for (std::size_t r = 0; r < width; ++r) sums[r] = lanes::load(&work.sums[(i + r) * count + t]);
      lanes::transpose(sums);
      for (std::size_t r = 0; r < width && t + r < in_tiles_; ++r)
        sum += sums[r] * lanes::exp(exponent(t + r) - shift);
    }
    lanes::store(&work.result[i], sum);
    lanes::store(&work.reference[i], shift);
  }
}

}  // namespace umkehr
