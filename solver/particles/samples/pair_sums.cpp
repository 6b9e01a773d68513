// SPDX-License-Identifier: GPL-3.0-or-later
// Squared distances of eight points x to eight lanes of points y at once: y lies in blocks of lanes, a coordinate after
// the other, and is read once for the eight.
#include "solver/particles/samples/pair_sums.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>

#include "grids/failure.hpp"
#include "grids/machine/lane_buffer.hpp"
#include "grids/machine/lanes.hpp"
#include "grids/machine/team.hpp"

namespace umkehr {

namespace {

constexpr std::size_t rows = 8;

/// (blocks of lanes, dimension, lanes), zero beyond the last point.
LaneBuffer in_blocks_of_lanes(const Points& y) {
  const std::size_t d = y.dimension(), blocks = (y.count() + lanes::width - 1) / lanes::width;
  LaneBuffer packed(blocks * d * lanes::width);
  for (std::size_t k = 0; k < d; ++k)
    for (std::size_t j = 0; j < y.count(); ++j)
      packed[(j / lanes::width * d + k) * lanes::width + j % lanes::width] = y[k][j];
  return packed;
}

/// Ones for the lanes of a block that hold points.
Lanes present(std::size_t block, std::size_t count) {
  Lanes mask;
  for (std::size_t j = 0; j < lanes::width; ++j) mask[j] = block * lanes::width + j < count ? 1.0 : 0.0;
  return mask;
}

double sum_of_lanes(Lanes a) {
  return ((a[0] + a[4]) + (a[1] + a[5])) + ((a[2] + a[6]) + (a[3] + a[7]));
}

Lanes square_root(Lanes a) {
  for (std::size_t j = 0; j < lanes::width; ++j) a[j] = std::sqrt(a[j]);
  return a;
}

/// Pairs of the points x[first ... first + rows) with all y; beyond the last x it stands still.
template <class Function>
class RowsOfPairs {
 public:
  RowsOfPairs(const Points& x, const Points& y, const Function& function)
      : x_(x), count_(y.count()), packed_(in_blocks_of_lanes(y)), function_(function) {}

  void add(std::size_t first, std::span<double> sums, std::span<double> squares) const {
    const std::size_t d = x_.dimension(), blocks = packed_.size() / (d * lanes::width);
    LaneBuffer place(d * rows);
    for (std::size_t k = 0; k < d; ++k)
      for (std::size_t r = 0; r < rows; ++r) place[k * rows + r] = x_[k][std::min(first + r, x_.count() - 1)];
    std::array<Lanes, rows> sum{}, square{};
    for (std::size_t b = 0; b < blocks; ++b) {
      const std::array<Lanes, rows> distances =
          squared_distances(place, packed_.data() + b * d * lanes::width);
      const Lanes mask = b + 1 < blocks ? lanes::broadcast(1) : present(b, count_);
      for (std::size_t r = 0; r < rows; ++r) {
        const Lanes h = mask * function_(distances[r]);
        sum[r] += h;
        square[r] += h * h;
      }
    }
    for (std::size_t r = 0; r < rows && first + r < x_.count(); ++r) {
      sums[first + r] = sum_of_lanes(sum[r]);
      squares[first + r] = sum_of_lanes(square[r]);
    }
  }

 private:
  static std::array<Lanes, rows> squared_distances(const LaneBuffer& place, const double* y) {
    std::array<Lanes, rows> sum{};
    for (std::size_t k = 0; k < place.size() / rows; ++k) {
      const Lanes coordinate = lanes::load(y + k * lanes::width);
      for (std::size_t r = 0; r < rows; ++r) {
        const Lanes difference = coordinate - place[k * rows + r];
        sum[r] += difference * difference;
      }
    }
    return sum;
  }

  const Points& x_;
  std::size_t count_;
  LaneBuffer packed_;
  const Function& function_;
};

template <class Function>
PairSums sums_of(const Points& x, const Points& y, const Function& function) {
  PairSums result{std::vector<double>(x.count()), 0};
  std::vector<double> squares(x.count());
  const RowsOfPairs pairs(x, y, function);
  const double a_pair = 1 + 0.15 * static_cast<double>(x.dimension());
  share((x.count() + rows - 1) / rows, a_pair * static_cast<double>(rows * y.count()),
        [&](std::size_t n) { pairs.add(n * rows, result.sum, squares); });
  for (const double square : squares) result.squares += square;
  return result;
}

struct Moments {
  double first = 0, second = 0;
};

Moments moments_about(std::span<const double> x, double centre) {
  Moments moments;
  for (const double place : x) {
    moments.first += place - centre;
    moments.second += (place - centre) * (place - centre);
  }
  return moments;
}

}  // namespace

PairSums distance_sums(const Points& x, const Points& y) {
  return sums_of(x, y, [](Lanes squared) { return square_root(squared); });
}

PairSums gaussian_sums(const Points& x, const Points& y, double bandwidth) {
  const double factor = -0.5 / (bandwidth * bandwidth);
  return sums_of(x, y, [factor](Lanes squared) { return lanes::exp(factor * squared); });
}

PairSums sorted_distance_sums(const Points& x, const Points& y) {
  const auto n = static_cast<double>(x.count()), m = static_cast<double>(y.count());
  std::vector<double> sorted(y[0].begin(), y[0].end()), before(y.count() + 1);
  std::sort(sorted.begin(), sorted.end());
  const double centre = sorted[sorted.size() / 2];
  for (std::size_t j = 0; j < sorted.size(); ++j) before[j + 1] = before[j] + (sorted[j] - centre);
  PairSums result{std::vector<double>(x.count()), 0};
  for (std::size_t i = 0; i < x.count(); ++i) {
    const auto found = std::upper_bound(sorted.begin(), sorted.end(), x[0][i]) - sorted.begin();
    const double place = x[0][i] - centre, below = before[static_cast<std::size_t>(found)];
    result.sum[i] = place * (2 * static_cast<double>(found) - m) + before.back() - 2 * below;
  }
  const Moments of_x = moments_about(x[0], centre), of_y = moments_about(y[0], centre);
  result.squares = m * of_x.second + n * of_y.second - 2 * of_x.first * of_y.first;
  return result;
}

void check_samples(const Points& x, const Points& y, std::size_t least) {
  if (x.dimension() != y.dimension() || x.dimension() == 0)
    throw UnfitProblem("samples that are compared have the same dimension");
  if (std::min(x.count(), y.count()) < least)
    throw UnfitProblem("a sample that is compared needs at least " + std::to_string(least) + " points");
}

}  // namespace umkehr
