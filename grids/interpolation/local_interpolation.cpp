// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/interpolation/local_interpolation.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "grids/failure.hpp"
#include "grids/interpolation/lagrange.hpp"

namespace umkehr {
namespace {

constexpr std::size_t order = 8;

using Cells = GridStencil::Cells;

/// The nearest place between the outer centres; the distance to it in cells, along the line from inside.
Cells inside(const Grid& grid, const Cells& cell, Cells& outwards, double& distance) {
  Cells nearest = cell;
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
    Cells cell{}, outwards{};
    for (std::size_t k = 0; k < grid.dimension(); ++k)
      cell[k] = (x[k][i] - grid.axis(k).from) / grid.axis(k).spacing() - 0.5;
    double distance = 0;
    const Cells nearest = inside(grid, cell, outwards, distance);
    out[i] = GridStencil(grid, order, nearest)(values);
    if (distance == 0) continue;
    Cells before = nearest;
    for (std::size_t k = 0; k < grid.dimension(); ++k) before[k] -= back * outwards[k] / distance;
    out[i] += (out[i] - GridStencil(grid, order, before)(values)) * distance / back;
  }
}

std::vector<double> interpolate_in_time(const History& history, double t) {
  const std::vector<double>& times = history.times();
  if (times.empty() || t < times.front() || t > times.back())
    throw UnfitProblem("a field is not known at t = " + std::to_string(t));
  std::vector<double> out(history.size());
  interpolate(history, LagrangeStencil::about(times, order, t), out);
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
