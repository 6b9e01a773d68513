// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/generator/fourier_value.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "grids/taper.hpp"

namespace umkehr {
namespace {

bool is_line(const Axis& axis) {
  return axis.boundary != Boundary::periodic;
}

/// Calls act(first, stride) for each line of cells along an axis.
template <class Act>
void for_lines(const Grid& grid, std::size_t axis, Act act) {
  const std::size_t stride = grid.stride(axis), block = stride * grid.axis(axis).points;
  for (std::size_t first = 0; first < grid.size(); first += block)
    for (std::size_t i = 0; i < stride; ++i) act(first + i, stride);
}

void blend(const Grid& grid, std::size_t axis, std::span<double> values) {
  const std::vector<double> keep = taper(grid.axis(axis), blended_share);
  const std::size_t last = keep.size() - 1;
  for_lines(grid, axis, [&](std::size_t first, std::size_t stride) {
    const double mean = 0.5 * values[first] + 0.5 * values[first + last * stride];
    for (std::size_t i = 0; i <= last; ++i) {
      double& value = values[first + i * stride];
      value = mean + keep[i] * (value - mean);
    }
  });
}

void fade(const Grid& grid, std::size_t axis, std::span<double> values) {
  const std::vector<double> keep = taper(grid.axis(axis), 0.5);
  for_lines(grid, axis, [&](std::size_t first, std::size_t stride) {
    for (std::size_t i = 0; i < keep.size(); ++i) values[first + i * stride] *= keep[i];
  });
}

/// What a coefficient of an axis is multiplied by, in the order of a state's entries.
std::vector<double> damping(const Axis& axis, bool last) {
  std::vector<double> factors;
  for (const double kappa : even_wavenumbers(axis, last))
    factors.push_back(is_line(axis) ? std::exp(-36 * std::pow(kappa * axis.spacing() / std::numbers::pi, 14))
                                    : 1);
  return factors;
}

}  // namespace

std::vector<double> fourier_value_state(FourierGenerator& generator, const Coefficient& terminal,
                                        double stop) {
  const Grid& grid = generator.grid();
  std::vector<double> values(grid.size()), state(generator.size());
  terminal(grid.centres(), stop, values);
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    if (is_line(grid.axis(k))) blend(grid, k, values);
  generator.to_state(values, state);
  return state;
}

void fourier_value(FourierGenerator& generator, std::span<const double> state, std::span<double> out) {
  const Grid& grid = generator.grid();
  std::vector<std::vector<double>> factors;
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    factors.push_back(damping(grid.axis(k), k + 1 == grid.dimension()));
  std::vector<double> damped(state.begin(), state.end());
  for (std::size_t n = 0; n < generator.transform().coefficients(); ++n) {
    double factor = 1;
    for (std::size_t k = factors.size(), rest = n; k-- > 0; rest /= factors[k].size())
      factor *= factors[k][rest % factors[k].size()];
    damped[2 * n] *= factor;
    damped[2 * n + 1] *= factor;
  }
  generator.to_values(damped, out);
}

std::vector<double> fourier_value_inside(FourierGenerator& generator, std::span<const double> state) {
  const Grid& grid = generator.grid();
  std::vector<double> values(grid.size()), inside(generator.size());
  generator.to_values(state, values);
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    if (is_line(grid.axis(k))) fade(grid, k, values);
  generator.to_state(values, inside);
  return inside;
}

}  // namespace umkehr
