// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/samples/sliced_wasserstein.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "grids/failure.hpp"
#include "grids/machine/team.hpp"
#include "solver/particles/samples/pair_sums.hpp"

namespace umkehr {

namespace {

constexpr std::size_t at_once = 8;  // directions whose influences are kept

/// A point of either sample on a line; x before y where they are at the same place, which then weighs nothing.
struct Placed {
  double place;
  std::size_t number;  // those of y after those of x
  auto operator<=>(const Placed&) const = default;
};

/// Along one direction: the distance, its noise, and by how much a point's place moves the distance.
struct Slice {
  double distance = 0, noise = 0;
  std::vector<double> influence;
};

std::vector<Placed> sorted_along(const Points& x, const Points& y, const Points& directions, std::size_t n) {
  std::vector<Placed> placed(x.count() + y.count());
  for (std::size_t i = 0; i < placed.size(); ++i) placed[i] = {0, i};
  for (std::size_t k = 0; k < x.dimension(); ++k) {
    const double direction = directions[k][n];
    for (std::size_t i = 0; i < x.count(); ++i) placed[i].place += direction * x[k][i];
    for (std::size_t j = 0; j < y.count(); ++j) placed[x.count() + j].place += direction * y[k][j];
  }
  std::sort(placed.begin(), placed.end());
  return placed;
}

Slice slice_of(const std::vector<Placed>& placed, std::size_t count_of_x) {
  const auto n = static_cast<double>(count_of_x), all = static_cast<double>(placed.size()), m = all - n;
  const double noise = std::sqrt(2 * std::numbers::inv_pi * (1 / n + 1 / m));
  Slice slice{0, 0, std::vector<double>(placed.size())};
  std::vector<double> signed_lengths(placed.size());
  double of_x = 0, of_y = 0;  // points up to here
  for (std::size_t i = 0; i + 1 < placed.size(); ++i) {
    (placed[i].number < count_of_x ? of_x : of_y) += 1;
    const double length = placed[i + 1].place - placed[i].place, difference = of_x * m - of_y * n;
    const double share_below = (of_x + of_y) / all;
    slice.distance += length * std::abs(difference) / (n * m);
    slice.noise += length * noise * std::sqrt(share_below * (1 - share_below));
    signed_lengths[i] = difference > 0 ? length : difference < 0 ? -length : 0;
  }
  double behind = 0;
  for (std::size_t i = placed.size(); i-- > 0;) {
    behind += signed_lengths[i];
    slice.influence[placed[i].number] = placed[i].number < count_of_x ? behind : -behind;
  }
  return slice;
}

double variance_of_mean(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0, sum = 0;
  for (const double value : values) mean += value / n;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / (n * (n - 1));
}

Points random_directions(std::size_t dimension, std::size_t count, std::uint64_t key) {
  std::mt19937_64 generator(key);
  const auto uniform = [&] { return (static_cast<double>(generator() >> 11) + 0.5) * 0x1p-53; };
  Points directions(dimension, count);
  for (std::size_t n = 0; n < count; ++n) {
    double square = 0;
    for (std::size_t k = 0; k < dimension; ++k) {
      const double radius = std::sqrt(-2 * std::log(uniform()));
      directions[k][n] = radius * std::cos(2 * std::numbers::pi * uniform());
      square += directions[k][n] * directions[k][n];
    }
    for (std::size_t k = 0; k < dimension; ++k) directions[k][n] /= std::sqrt(square);
  }
  return directions;
}

}  // namespace

Points unit_directions(std::size_t dimension, std::size_t count, std::uint64_t key) {
  if (dimension == 1) return Points({std::vector<double>{1}});
  if (dimension > 2) return random_directions(dimension, count, key);
  Points directions(dimension, count);
  for (std::size_t n = 0; n < count; ++n) {
    const double angle = std::numbers::pi * (static_cast<double>(n) + 0.5) / static_cast<double>(count);
    directions[0][n] = std::cos(angle);
    directions[1][n] = std::sin(angle);
  }
  return directions;
}

WassersteinEstimate sliced_wasserstein(const Points& x, const Points& y, const Points& directions) {
  check_samples(x, y, 2);
  if (directions.dimension() != x.dimension() || directions.count() == 0)
    throw UnfitProblem("directions of slices have the dimension of the samples");
  const std::size_t all = x.count() + y.count();
  const double a_slice = static_cast<double>(all) * (100 + static_cast<double>(x.dimension()));
  WassersteinEstimate mean;
  std::vector<double> influence(all);
  for (std::size_t first = 0; first < directions.count(); first += at_once) {
    std::vector<Slice> slices(std::min(at_once, directions.count() - first));
    share(slices.size(), a_slice,
          [&](std::size_t n) { slices[n] = slice_of(sorted_along(x, y, directions, first + n), x.count()); });
    for (const Slice& slice : slices) {
      mean.value += slice.distance / static_cast<double>(directions.count());
      mean.noise += slice.noise / static_cast<double>(directions.count());
      for (std::size_t i = 0; i < all; ++i)
        influence[i] += slice.influence[i] / static_cast<double>(directions.count());
    }
  }
  const std::span<const double> each = influence;
  mean.error = std::sqrt(variance_of_mean(each.first(x.count())) + variance_of_mean(each.subspan(x.count())));
  return mean;
}

WassersteinEstimate sliced_wasserstein(const Points& x, const Points& y) {
  return sliced_wasserstein(x, y, unit_directions(x.dimension()));
}

WassersteinEstimate wasserstein(const Points& x, const Points& y) {
  if (x.dimension() != 1) throw UnfitProblem("more than one dimension needs directions of slices");
  return sliced_wasserstein(x, y, unit_directions(1));
}

}  // namespace umkehr
