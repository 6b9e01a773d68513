// SPDX-License-Identifier: GPL-3.0-or-later
// What is read from a state of finite volumes.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "solver/finite_volume/finite_volume.hpp"
#include "solver/process/pieces.hpp"

namespace umkehr {
namespace {

constexpr double floor_density = 1e-300;

double log_of(double density) {
  return std::log(std::max(density, floor_density));
}

/// The derivative at node i of n of a function given at equal distances, of second order; `at` gives values.
template <class Values>
double derivative(const Values& at, std::size_t i, std::size_t n, double h, bool periodic) {
  if (periodic) return (at((i + 1) % n) - at((i + n - 1) % n)) / (2 * h);
  if (n == 2) return (at(1) - at(0)) / h;
  if (i == 0) return (-3 * at(0) + 4 * at(1) - at(2)) / (2 * h);
  if (i + 1 == n) return (3 * at(n - 1) - 4 * at(n - 2) + at(n - 3)) / (2 * h);
  return (at(i + 1) - at(i - 1)) / (2 * h);
}

}  // namespace

void FiniteVolume::density(std::span<const double> state, std::span<double> out) const {
  std::copy_n(state.begin(), grid_.size(), out.begin());
  for (std::size_t i = 0; i < out.size(); ++i)
    if (killing_.is_dead(i)) out[i] = std::max(out[i], 0.0);
}

void FiniteVolume::score(std::span<const double> state, std::size_t axis, std::span<double> out) const {
  const std::size_t n = grid_.axis(axis).points, stride = grid_.stride(axis);
  const bool periodic = grid_.axis(axis).boundary == Boundary::periodic;
  std::vector<double> logarithm(grid_.size());
  for (std::size_t i = 0; i < grid_.size(); ++i) logarithm[i] = log_of(state[i]);
  for (std::size_t cell = 0; cell < grid_.size(); ++cell) {
    const std::size_t i = cell / stride % n;
    const double* line = logarithm.data() + (cell - i * stride);
    out[cell] = derivative([&](std::size_t j) { return line[j * stride]; }, i, n, grid_.axis(axis).spacing(),
                           periodic);
  }
}

double FiniteVolume::mass(std::span<const double> state) const {
  double sum = 0;
  for (std::size_t i = 0; i < grid_.size(); ++i) sum += state[i];
  return sum * grid_.cell_volume();
}

double FiniteVolume::lost(std::span<const double> state) const {
  return state[grid_.size()] + state[grid_.size() + 1];
}

double FiniteVolume::pairing(std::span<const double> density_state,
                             std::span<const double> value_state) const {
  double sum = 0;
  for (std::size_t i = 0; i < grid_.size(); ++i) sum += density_state[i] * value_state[i];
  return sum * grid_.cell_volume();
}

std::vector<double> FiniteVolume::value_state_of(const Coefficient& terminal, double stop) const {
  std::vector<double> state(size());
  const std::span<double> cells = std::span(state).first(grid_.size());
  terminal(grid_.centres(), stop, cells);
  replace_cut_cells({terminal, grid_.dimension()}, grid_, stop, cells);
  return state;
}

/// At the centres, beside which a border of killing has moved its cell's node.
void FiniteVolume::value(std::span<const double> state, std::span<double> out) const {
  std::copy_n(state.begin(), grid_.size(), out.begin());
  for (std::size_t k = 0; k < grid_.dimension(); ++k)
    if (const KillingLayer* layer = killing_.within(k)) move_to_centres(*layer, grid_, k, out);
}

namespace {

constexpr double populated = 1e-3;    // of the largest density: where a warning looks
constexpr double largest_peclet = 1;  // |F| h / D
constexpr double narrowest = 1;       // width of the peak in cells
constexpr double plateau = 0.9;       // of the peak, over two further cells

std::string axis_warning(const char* what, const Axis& axis, double number, double points) {
  constexpr double reasonable = 1e6;
  char text[256];
  if (points <= reasonable)
    std::snprintf(text, sizeof text, "axis %s: %s %.3g; use at least points = %.0f", axis.name.c_str(), what,
                  number, std::ceil(points));
  else
    std::snprintf(text, sizeof text,
                  "axis %s: %s %.3g, which no number of points mends; take more noise or a wider law",
                  axis.name.c_str(), what, number);
  return text;
}

}  // namespace

/// |F| h / D at most, through faces of cells that hold density.
double FiniteVolume::cell_peclet(std::span<const double> state, std::size_t axis, double t) const {
  const double most =
      *std::max_element(state.begin(), state.begin() + static_cast<std::ptrdiff_t>(grid_.size()));
  AxisGenerator generator = axes_[axis].generator();
  generator.freeze(t);
  const AxisLines& lines = generator.lines();
  std::vector<double> z((lines.length() + 1) * lines.lanes());
  double largest = 0;
  for (std::size_t batch = 0; batch < lines.batches(); ++batch) {
    generator.exponents(batch, z.data());
    for (std::size_t i = 0; i < lines.length(); ++i)
      for (std::size_t lane = 0; lane < lines.lanes(); ++lane)
        if (state[lines.cell(batch, lane, i)] > populated * most)
          largest = std::max(
              {largest, std::abs(z[i * lines.lanes() + lane]), std::abs(z[(i + 1) * lines.lanes() + lane])});
  }
  return largest / 2;
}

/// Width of the highest peak in cells, from the curvature of the logarithm; infinite where it has none.
double FiniteVolume::peak_width(std::span<const double> state, std::size_t axis) const {
  const auto begin = state.begin(), end = begin + static_cast<std::ptrdiff_t>(grid_.size());
  const auto peak = static_cast<std::size_t>(std::max_element(begin, end) - begin);
  const std::size_t n = grid_.axis(axis).points, stride = grid_.stride(axis), i = peak / stride % n;
  if (i == 0 || i + 1 == n) return std::numeric_limits<double>::infinity();
  const double below = state[peak - stride], above = state[peak + stride];
  // The end of a plateau is no peak.
  const auto goes_on = [&](double next, double after) {
    return std::min(next, after) > plateau * state[peak];
  };
  if ((i >= 2 && goes_on(below, state[peak - 2 * stride])) ||
      (i + 2 < n && goes_on(above, state[peak + 2 * stride])))
    return std::numeric_limits<double>::infinity();
  // A point mass fills one cell on purpose, or two.
  constexpr double point = 0.2;
  if (below <= 0 && above <= 0) return std::numeric_limits<double>::infinity();
  const double curvature = 2 * log_of(state[peak]) - log_of(below) - log_of(above);
  const double width = curvature > 0 ? 1 / std::sqrt(curvature) : std::numeric_limits<double>::infinity();
  return width < point ? std::numeric_limits<double>::infinity() : width;
}

std::vector<std::string> FiniteVolume::warnings(std::span<const double> state, double t) const {
  std::vector<std::string> result;
  for (std::size_t k = 0; k < grid_.dimension(); ++k) {
    const Axis& axis = grid_.axis(k);
    const auto points = static_cast<double>(axis.points);
    const double peclet = cell_peclet(state, k, t), width = peak_width(state, k);
    if (peclet > largest_peclet)
      result.push_back(
          axis_warning("drift outweighs diffusion within a cell where the density is: |F| h / D is", axis,
                       peclet, points * peclet / largest_peclet));
    if (width < narrowest)
      result.push_back(axis_warning("the density is too narrow at its peak: its width in cells is", axis,
                                    width, points * 2 * narrowest / width));
  }
  return result;
}

}  // namespace umkehr
