// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/interpolation/local_interpolation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace umkehr {
namespace {

constexpr std::size_t order = 8;

struct Stencil {
  std::size_t count = 0;
  std::array<std::size_t, order> offset{};  // in the array
  std::array<double, order> weight{};
};

/// prod_{j != i} (at - j)/(i - j) for nodes 0 .. count - 1
void weigh(std::size_t count, double at, std::array<double, order>& weight) {
  for (std::size_t i = 0; i < count; ++i) {
    weight[i] = 1;
    for (std::size_t j = 0; j < count; ++j)
      if (j != i)
        weight[i] *= (at - static_cast<double>(j)) / (static_cast<double>(i) - static_cast<double>(j));
  }
}

/// `cell`: place in cells from the first centre, within the axis unless it is periodic.
Stencil stencil_at(const Axis& axis, std::size_t stride, double cell) {
  const auto n = static_cast<std::ptrdiff_t>(axis.points);
  Stencil stencil;
  stencil.count = std::min(order, axis.points);
  const auto width = static_cast<std::ptrdiff_t>(stencil.count);
  std::ptrdiff_t first = static_cast<std::ptrdiff_t>(std::floor(cell)) - (width / 2 - 1);
  if (axis.boundary != Boundary::periodic) first = std::clamp<std::ptrdiff_t>(first, 0, n - width);
  for (std::ptrdiff_t i = 0; i < width; ++i)
    stencil.offset[static_cast<std::size_t>(i)] =
        static_cast<std::size_t>(((first + i) % n + n) % n) * stride;
  weigh(stencil.count, cell - static_cast<double>(first), stencil.weight);
  return stencil;
}

double sum_of_stencils(std::span<const Stencil> axes, std::span<const double> values, std::size_t offset) {
  double total = 0;
  for (std::size_t i = 0; i < axes[0].count; ++i) {
    const std::size_t at = offset + axes[0].offset[i];
    total +=
        axes[0].weight[i] * (axes.size() == 1 ? values[at] : sum_of_stencils(axes.subspan(1), values, at));
  }
  return total;
}

using Place = std::array<double, 3>;

double value_at(const Grid& grid, std::span<const double> values, const Place& cell) {
  std::array<Stencil, 3> axes;
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    axes[k] = stencil_at(grid.axis(k), grid.stride(k), cell[k]);
  return sum_of_stencils(std::span(axes).first(grid.dimension()), values, 0);
}

/// The nearest place between the outer centres; the distance to it in cells, along the line from inside.
Place inside(const Grid& grid, const Place& cell, Place& outwards, double& distance) {
  Place nearest = cell;
  double square = 0;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    if (grid.axis(k).boundary != Boundary::periodic)
      nearest[k] = std::clamp(cell[k], 0.0, static_cast<double>(grid.axis(k).points - 1));
    outwards[k] = cell[k] - nearest[k];
    square += outwards[k] * outwards[k];
  }
  distance = std::sqrt(square);
  return nearest;
}

}  // namespace

void interpolate_locally(const Grid& grid, std::span<const double> values, const Points& x,
                         std::span<double> out) {
  constexpr double back = 0.5;  // cells
  for (std::size_t i = 0; i < out.size(); ++i) {
    Place cell{}, outwards{};
    for (std::size_t k = 0; k < grid.dimension(); ++k)
      cell[k] = (x[k][i] - grid.axis(k).from) / grid.axis(k).spacing() - 0.5;
    double distance = 0;
    const Place nearest = inside(grid, cell, outwards, distance);
    out[i] = value_at(grid, values, nearest);
    if (distance == 0) continue;
    Place before = nearest;
    for (std::size_t k = 0; k < grid.dimension(); ++k) before[k] -= back * outwards[k] / distance;
    out[i] += (out[i] - value_at(grid, values, before)) * distance / back;
  }
}

LocalWeights local_weights(std::span<const double> nodes, double at) {
  const std::size_t count = std::min(order, nodes.size());
  const auto above = std::upper_bound(nodes.begin(), nodes.end(), at) - nodes.begin();
  const auto first = std::clamp<std::ptrdiff_t>(above - static_cast<std::ptrdiff_t>(count / 2), 0,
                                                static_cast<std::ptrdiff_t>(nodes.size() - count));
  LocalWeights local{static_cast<std::size_t>(first), std::vector<double>(count, 1.0)};
  const std::span<const double> near = nodes.subspan(local.first, count);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = 0; j < count; ++j)
      if (j != i) local.weight[i] *= (at - near[j]) / (near[i] - near[j]);
  return local;
}

std::vector<double> interpolate_in_time(const History& history, double t) {
  const std::vector<double>& times = history.times();
  if (times.empty() || t < times.front() || t > times.back())
    throw std::invalid_argument("a field is not known at t = " + std::to_string(t));
  const LocalWeights local = local_weights(times, t);
  std::vector<double> out(history.size());
  for (std::size_t n = 0; n < local.weight.size(); ++n) {
    const std::span<const double> values = history[local.first + n];
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += local.weight[n] * values[i];
  }
  return out;
}

void continue_linearly(const Grid& grid, std::span<double> values, std::vector<bool> trusted) {
  std::vector<std::pair<std::size_t, double>> found;
  do {
    found.clear();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (trusted[i]) continue;
      double total = 0;
      int directions = 0;
      for (std::size_t k = 0; k < grid.dimension(); ++k) {
        const std::size_t n = grid.axis(k).points, place = i / grid.stride(k) % n, stride = grid.stride(k);
        for (const bool upwards : {true, false}) {
          if (upwards ? place + 2 >= n : place < 2) continue;
          const std::size_t near = upwards ? i + stride : i - stride,
                            far = upwards ? near + stride : near - stride;
          if (!trusted[near] || !trusted[far]) continue;
          total += 2 * values[near] - values[far];
          ++directions;
        }
      }
      if (directions > 0) found.emplace_back(i, total / directions);
    }
    for (const auto& [i, value] : found) {
      values[i] = value;
      trusted[i] = true;
    }
  } while (!found.empty());
}

}  // namespace umkehr
