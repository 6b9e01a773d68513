// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fourier/fourier_value.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "grids/interpolation/taper.hpp"
#include "solver/process/pieces.hpp"
#include "solver/process/seam.hpp"

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

/// Times a taper along each axis of the line, which ends at `least`.
void fade(const Grid& grid, double share, double least, std::span<double> values) {
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    if (!is_line(grid.axis(k))) continue;
    const std::vector<double> keep = taper(grid.axis(k), share);
    for_lines(grid, k, [&](std::size_t first, std::size_t stride) {
      for (std::size_t i = 0; i < keep.size(); ++i) values[first + i * stride] *= std::max(keep[i], least);
    });
  }
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

FourierValue::FourierValue(FourierGenerator& generator)
    : generator_(generator),
      damping_(generator.transform().coefficients(), 1),
      weight_(generator.grid().size(), 1),
      damped_(generator.size()),
      field_(generator.grid().size()) {
  const Grid& grid = generator.grid();
  std::vector<std::vector<double>> factors;
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    factors.push_back(damping(grid.axis(k), k + 1 == grid.dimension()));
  for (std::size_t n = 0; n < damping_.size(); ++n)
    for (std::size_t k = factors.size(), rest = n; k-- > 0; rest /= factors[k].size())
      damping_[n] *= factors[k][rest % factors[k].size()];
  fade(grid, blended_share, 1e-3, weight_);
}

std::vector<double> FourierValue::state_of(const Coefficient& terminal, double stop) {
  const Grid& grid = generator_.grid();
  std::vector<double> state(generator_.size());
  if (is_in_pieces(terminal, grid, stop))
    project({terminal, grid.dimension()}, as_transformed(grid), stop, field_);
  else
    terminal(grid.centres(), stop, field_);
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    if (is_line(grid.axis(k))) blend(grid, k, field_);
  generator_.to_state(field_, state);
  return state;
}

void FourierValue::values(std::span<const double> state, std::span<double> out) {
  for (std::size_t n = 0; n < damping_.size(); ++n) {
    damped_[2 * n] = damping_[n] * state[2 * n];
    damped_[2 * n + 1] = damping_[n] * state[2 * n + 1];
  }
  generator_.to_values(damped_, out);
}

double FourierValue::norm(std::span<const double> state) {
  values(state, field_);
  double sum = 0;
  for (std::size_t i = 0; i < field_.size(); ++i) sum += std::pow(weight_[i] * field_[i], 2);
  return std::sqrt(sum / static_cast<double>(field_.size()));
}

std::vector<double> FourierValue::inside(std::span<const double> state) {
  std::vector<double> result(generator_.size());
  generator_.to_values(state, field_);
  fade(generator_.grid(), 0.5, 0, field_);
  generator_.to_state(field_, result);
  return result;
}

std::size_t FourierValue::memory() const {
  return (damping_.size() + weight_.size() + damped_.size() + field_.size()) * sizeof(double);
}

}  // namespace umkehr
