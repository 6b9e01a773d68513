// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/kernels/log_gradient.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "grids/interpolation/lagrange.hpp"

namespace umkehr {
namespace {

constexpr std::size_t most = 9;  // centres of a stencil

/// Derivative at `at` of a run of finite values of one line.
double derivative(std::span<const double> run, std::size_t at) {
  const std::size_t count = std::min(most, run.size());
  if (count < 2) return 0;
  const std::size_t first = std::min(at - std::min(at, count / 2), run.size() - count);
  const std::span<const double> weights = lagrange_slopes(count, at - first);
  double sum = 0;
  for (std::size_t j = 0; j < count; ++j) sum += weights[j] * (run[first + j] - run[at]);
  return sum;
}

/// How far the values at one end of a run are from a polynomial: their differences of order 8.
double roughness(std::span<const double> end) {
  constexpr std::array<double, most> binomial = {1, -8, 28, -56, 70, -56, 28, -8, 1};
  double sum = 0;
  for (std::size_t j = 0; j < most; ++j) sum += binomial[j] * end[j];
  return std::abs(sum);
}

/// Takes ln(distance) to an absorbing wall off a line, where that makes it smoother; gives the slopes to be added again.
std::vector<double> take_off_distance(std::span<double> line, bool from_above) {
  const std::size_t n = line.size();
  std::vector<double> without(line.begin(), line.end()), slope(n, 0.0);
  const auto distance = [&](std::size_t i) { return static_cast<double>(from_above ? n - 1 - i : i) + 0.5; };
  for (std::size_t i = 0; i < n; ++i) without[i] -= std::log(distance(i));
  const std::size_t end = from_above ? n - std::min(n, most) : 0;
  if (n < most || !(roughness(std::span(without).subspan(end, most)) < roughness(line.subspan(end, most))))
    return slope;
  std::copy(without.begin(), without.end(), line.begin());
  for (std::size_t i = 0; i < n; ++i) slope[i] = (from_above ? -1 : 1) / distance(i);
  return slope;
}

void line_gradient(std::span<const double> line, double spacing, std::span<double> out) {
  for (std::size_t i = 0; i < line.size();) {
    if (!std::isfinite(line[i])) {
      out[i++] = 0;
      continue;
    }
    std::size_t end = i;
    while (end < line.size() && std::isfinite(line[end])) ++end;
    const std::span<const double> run = line.subspan(i, end - i);
    for (std::size_t at = 0; at < run.size(); ++at) out[i + at] = derivative(run, at) / spacing;
    i = end;
  }
}

}  // namespace

void log_gradient(const Grid& grid, std::span<const double> log_values, std::size_t axis,
                  std::span<double> out) {
  const Axis& along = grid.axis(axis);
  const std::size_t n = along.points, stride = grid.stride(axis);
  const std::size_t ghosts = along.boundary == Boundary::periodic ? std::min(n, most / 2) : 0;
  std::vector<double> line(n + 2 * ghosts), slope(line.size());
  for (std::size_t l = 0; l < grid.size() / n; ++l) {
    const std::size_t first = grid.line_start(axis, l);
    for (std::size_t i = 0; i < line.size(); ++i) line[i] = log_values[first + (i + n - ghosts) % n * stride];
    std::vector<double> below(line.size(), 0.0), above(below);
    if (along.boundary == Boundary::absorbing) {
      below = take_off_distance(line, false);
      above = take_off_distance(line, true);
    }
    line_gradient(line, along.spacing(), slope);
    for (std::size_t i = 0; i < line.size(); ++i)
      if (std::isfinite(line[i])) slope[i] += (below[i] + above[i]) / along.spacing();
    for (std::size_t i = 0; i < n; ++i) out[first + i * stride] = slope[i + ghosts];
  }
}

}  // namespace umkehr
