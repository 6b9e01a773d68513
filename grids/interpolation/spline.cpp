// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/interpolation/spline.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "grids/machine/team.hpp"
#include "grids/machine/transpose.hpp"

namespace umkehr {
namespace {

constexpr std::size_t degree = 7, width = degree + 1, margin = width / 2;
static_assert(width == lanes::width);
constexpr std::size_t block = 256;             // places
constexpr std::size_t worth_parts = 1u << 15;  // values of a deposit from which on it has shares
constexpr std::size_t shares = 8;              // of a deposit, whatever the number of threads

/// B(0), .., B(3) times 7!.
constexpr std::array<double, 4> at_integers = {2416, 1191, 120, 1};

/// The eight weights of eight points whose places lie t above a centre: Cox and de Boor's recursion.
[[gnu::always_inline]] inline void weights(Lanes t, Lanes (&w)[width]) {
  w[0] = lanes::broadcast(1);
#pragma GCC unroll 8
  for (std::size_t p = 1; p <= degree; ++p) {
    Lanes saved = lanes::broadcast(0);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < p; ++r) {
      const Lanes share = w[r] * (1 / static_cast<double>(p));
      w[r] = saved + (static_cast<double>(r + 1) - t) * share;
      saved = (t + static_cast<double>(p - 1 - r)) * share;
    }
    w[p] = saved;
  }
  lanes::transpose(w);
}

double sum_of_lanes(Lanes a) {
  return ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7]));
}

}  // namespace

double spline_symbol(double theta) {
  double symbol = at_integers[0];
  for (std::size_t j = 1; j < at_integers.size(); ++j)
    symbol += 2 * at_integers[j] * std::cos(static_cast<double>(j) * theta);
  return symbol / 5040;
}

double spline_error(double theta) {
  return std::min(1.0, 2 * std::pow(theta / (2 * std::numbers::pi), 8));
}

/// Eight points: where each one's stencil begins in the padded array, and its weights along each axis.
struct SplineGrid::Stencil {
  std::array<std::size_t, width> corner;
  std::array<bool, width> lost;
  alignas(64) double weight[3][width][width];

  /// row(offset from the corner, weight of the row) for every row of the stencil along the last axis.
  template <class Row>
  [[gnu::always_inline]] void rows(std::size_t point, std::span<const std::size_t> stride,
                                   const Row& row) const {
    const std::size_t d = stride.size();
    if (d == 1) return row(0, 1.0);
    for (std::size_t i = 0; i < width; ++i)
      if (d == 2)
        row(i * stride[0], weight[0][point][i]);
      else
        for (std::size_t j = 0; j < width; ++j)
          row(i * stride[0] + j * stride[1], weight[0][point][i] * weight[1][point][j]);
  }
};

SplineGrid::SplineGrid(const Grid& grid) : grid_(grid), stride_(grid.dimension()) {
  for (const Axis& axis : grid.axes()) {
    const auto n = static_cast<std::ptrdiff_t>(axis.points);
    Margin places;
    for (std::ptrdiff_t i = -static_cast<std::ptrdiff_t>(margin); i < n + static_cast<std::ptrdiff_t>(margin);
         ++i) {
      const bool periodic = axis.boundary == Boundary::periodic;
      const std::ptrdiff_t period = periodic ? n : 2 * n, j = (i % period + period) % period;
      places.index.push_back(static_cast<std::size_t>(j < n ? j : 2 * n - 1 - j));
      places.sign.push_back(j >= n && axis.boundary == Boundary::absorbing ? -1 : 1);
    }
    extent_.push_back(places.index.size());
    margins_.push_back(std::move(places));
  }
  for (std::size_t k = grid.dimension(); k-- > 0; padded_size_ *= extent_[k]) stride_[k] = padded_size_;
}

void SplineGrid::place(std::size_t k, std::span<double> x) const {
  const Axis& axis = grid_.axis(k);
  const auto n = static_cast<double>(axis.points);
  const double cells = 1 / axis.spacing(), period = axis.boundary == Boundary::periodic ? n : 2 * n;
  for (double& at : x) {
    double faces = (at - axis.from) * cells;  // from the lower wall
    const bool inside = faces >= 0 && faces <= n;
    if (!inside && axis.boundary == Boundary::absorbing) faces = std::numeric_limits<double>::quiet_NaN();
    if (!inside && axis.boundary != Boundary::absorbing) {
      faces -= period * std::floor(faces / period);
      if (faces > n) faces = period - faces;
      faces = std::clamp(faces, 0.0, n);
    }
    at = faces - 0.5;
  }
}

template <class Use>
void SplineGrid::visit(const Points& places, std::size_t first, std::size_t last, const Use& use) const {
  Stencil stencil;
  for (std::size_t start = first; start < last; start += width) {
    const std::size_t count = std::min(width, last - start);
    stencil.corner.fill(0);
    stencil.lost.fill(false);
    for (std::size_t k = 0; k < stride_.size(); ++k) {
      alignas(64) double above[width] = {};
      for (std::size_t p = 0; p < count; ++p) {
        const double u = places[k][start + p], below = std::floor(u);
        stencil.lost[p] = stencil.lost[p] || std::isnan(u);
        if (stencil.lost[p]) continue;
        above[p] = u - below;
        stencil.corner[p] += static_cast<std::size_t>(static_cast<std::ptrdiff_t>(below) + 1) * stride_[k];
      }
      Lanes w[width];
      weights(lanes::load(above), w);
      for (std::size_t p = 0; p < width; ++p) lanes::store(stencil.weight[k][p], w[p]);
    }
    for (std::size_t p = 0; p < count; ++p) use(start + p, stencil, p);
  }
}

SplineGrid::Origin SplineGrid::origin(std::size_t first) const {
  Origin origin;
  for (std::size_t k = 0; k + 1 < stride_.size(); ++k) {
    const std::size_t i = first / stride_[k] % extent_[k];
    origin.cell += margins_[k].index[i] * grid_.stride(k);
    origin.sign *= margins_[k].sign[i];
  }
  return origin;
}

/// Nanoseconds that interpolation to a place, or its transpose, takes.
double SplineGrid::a_place() const {
  return 15 * std::pow(4, static_cast<double>(stride_.size() - 1));
}

void SplineGrid::pad(std::span<const double> coefficients, std::span<double> padded) const {
  const std::size_t row = extent_.back();
  const Margin& last = margins_.back();
  share(padded.size() / row, static_cast<double>(row), [&](std::size_t n) {
    const std::size_t first = n * row;
    const auto [from, sign] = origin(first);
    for (std::size_t i = 0; i < row; ++i)
      padded[first + i] = sign * last.sign[i] * coefficients[from + last.index[i]];
  });
}

/// The transpose of `pad`.
void SplineGrid::fold(std::span<const double> padded, std::span<double> coefficients) const {
  const std::size_t row = extent_.back();
  const Margin& last = margins_.back();
  std::fill(coefficients.begin(), coefficients.end(), 0.0);
  for (std::size_t first = 0; first < padded.size(); first += row) {
    const auto [to, sign] = origin(first);
    for (std::size_t i = 0; i < row; ++i)
      coefficients[to + last.index[i]] += sign * last.sign[i] * padded[first + i];
  }
}

void SplineGrid::interpolate(std::span<const double> coefficients, const Points& places,
                             std::span<double> out) const {
  std::vector<double> padded(padded_size_);
  pad(coefficients, padded);
  const std::size_t last_axis = stride_.size() - 1;
  share((places.count() + block - 1) / block, a_place() * block, [&](std::size_t n) {
    const std::size_t first = n * block, last = std::min(first + block, places.count());
    visit(places, first, last, [&](std::size_t i, const Stencil& stencil, std::size_t p) {
      out[i] = 0;
      if (stencil.lost[p]) return;
      const double* corner = padded.data() + stencil.corner[p];
      Lanes total = lanes::broadcast(0);
      stencil.rows(p, stride_, [&](std::size_t offset, double weight) {
        total += weight * lanes::load(corner + offset);
      });
      out[i] = sum_of_lanes(total * lanes::load(stencil.weight[last_axis][p]));
    });
  });
}

void SplineGrid::deposit_rows(std::span<const double> values, const Points& places, std::size_t first,
                              std::size_t last, std::span<double> padded) const {
  const std::size_t last_axis = stride_.size() - 1;
  visit(places, first, last, [&](std::size_t i, const Stencil& stencil, std::size_t p) {
    if (stencil.lost[p]) return;
    double* corner = padded.data() + stencil.corner[p];
    const Lanes along = values[i] * lanes::load(stencil.weight[last_axis][p]);
    stencil.rows(p, stride_, [&](std::size_t offset, double weight) {
      lanes::store(corner + offset, lanes::load(corner + offset) + weight * along);
    });
  });
}

void SplineGrid::deposit(std::span<const double> values, const Points& places,
                         std::span<double> coefficients) const {
  const std::size_t count = places.count() >= worth_parts ? shares : 1;
  std::vector<std::vector<double>> parts(count);
  const double a_part = a_place() * static_cast<double>(places.count()) / static_cast<double>(count);
  share(count, a_part, [&](std::size_t n) {
    parts[n].resize(padded_size_);
    deposit_rows(values, places, places.count() * n / count, places.count() * (n + 1) / count, parts[n]);
  });
  if (count > 1)
    share(padded_size_, 4, [&](std::size_t i) {
      for (std::size_t n = 1; n < count; ++n) parts[0][i] += parts[n][i];
    });
  fold(parts[0], coefficients);
}

}  // namespace umkehr
