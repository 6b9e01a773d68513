// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/spectrum/product_spectrum.hpp"

#include <algorithm>
#include <cmath>

#include "solver/hermite/hermite_generator.hpp"

namespace umkehr {
namespace {

std::vector<double> middle(const Grid& grid) {
  std::vector<double> place;
  for (const Axis& axis : grid.axes()) place.push_back(0.5 * (axis.from + axis.to));
  return place;
}

/// f along one axis, all else in the middle, plus a constant.
IntervalProcess::Function along(const Coefficient& f, const Grid& grid, std::size_t k, double t,
                                double plus) {
  return [f, t, k, plus, centre = middle(grid)](std::span<const double> x, std::span<double> out) {
    Points points(centre.size(), x.size());
    for (std::size_t other = 0; other < centre.size(); ++other)
      std::fill(points[other].begin(), points[other].end(), centre[other]);
    std::copy(x.begin(), x.end(), points[k].begin());
    f(points, t, out);
    for (double& value : out) value += plus;
  };
}

/// V(x) = V(c) + sum_k (V(c, x_k) - V(c)) at all centres.
bool is_sum(const Coefficient& killing, const Grid& grid, double t) {
  std::vector<double> whole(grid.size());
  killing(grid.centres(), t, whole);
  const double at_centre = killing(middle(grid), t);
  std::vector<std::vector<double>> own;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    own.emplace_back(grid.axis(k).points);
    along(killing, grid, k, t, -at_centre)(grid.axis(k).centres(), own[k]);
  }
  double largest = std::abs(at_centre);
  for (const double value : whole) largest = std::max(largest, std::abs(value));
  for (std::size_t cell = 0; cell < grid.size(); ++cell) {
    double sum = at_centre;
    for (std::size_t k = 0; k < grid.dimension(); ++k)
      sum += own[k][cell / grid.stride(k) % grid.axis(k).points];
    if (!(std::abs(sum - whole[cell]) <= 1e-12 * largest)) return false;
  }
  return true;
}

/// A product of one mode an axis.
struct ProductMode {
  std::vector<std::size_t> number;
  double value, error, rounding;
};

ProductMode mode_of(const std::vector<IntervalModes>& axes, std::vector<std::size_t> number) {
  ProductMode mode{std::move(number), 0, 0, 0};
  for (std::size_t k = 0; k < axes.size(); ++k) {
    mode.value += axes[k].value[mode.number[k]];
    mode.error += axes[k].error[mode.number[k]];
    mode.rounding += axes[k].rounding[mode.number[k]];
  }
  return mode;
}

/// Of the lowest `count`, each has so many below it as the product of its numbers, counted from one, so that no product
/// exceeds the count.
void add_modes(const std::vector<IntervalModes>& axes, std::size_t most, std::vector<std::size_t>& number,
               std::vector<ProductMode>& all) {
  if (number.size() == axes.size()) return all.push_back(mode_of(axes, number));
  for (std::size_t n = 0; n < most; ++n) {
    number.push_back(n);
    add_modes(axes, most / (n + 1), number, all);
    number.pop_back();
  }
}

std::vector<double> field_of(const std::vector<IntervalModes>& axes, const ProductMode& mode,
                             const Grid& grid) {
  std::vector<double> phi(grid.size(), 1.0);
  for (std::size_t cell = 0; cell < grid.size(); ++cell)
    for (std::size_t k = 0; k < axes.size(); ++k)
      phi[cell] *= axes[k].function[mode.number[k]][cell / grid.stride(k) % grid.axis(k).points];
  return phi;
}

}  // namespace

bool is_product_of_intervals(const Process& process, const Grid& grid, double t) {
  for (const Axis& axis : grid.axes())
    if (axis.boundary == Boundary::periodic || axis.points > max_interval_points) return false;
  if (grid.dimension() == 1) return true;
  return axes_are_apart(process) && is_sum(process.killing, grid, t);
}

IntervalModes product_modes(const Process& process, const Grid& grid, double t, std::size_t count) {
  const double at_centre = process.killing(middle(grid), t);
  std::vector<IntervalModes> axes;
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const IntervalProcess own{grid.axis(k), process.diffusion[k](t), along(process.drift[k], grid, k, t, 0),
                              along(process.killing, grid, k, t, k == 0 ? 0 : -at_centre)};
    axes.push_back(interval_modes(own, {.count = count}));
  }
  if (axes.size() == 1) return std::move(axes.front());
  std::vector<ProductMode> all;
  std::vector<std::size_t> number;
  add_modes(axes, count, number, all);
  std::stable_sort(all.begin(), all.end(),
                   [](const ProductMode& a, const ProductMode& b) { return a.value < b.value; });
  IntervalModes modes;
  for (std::size_t n = 0; n < count; ++n) {
    modes.value.push_back(all[n].value);
    modes.error.push_back(all[n].error);
    modes.rounding.push_back(all[n].rounding);
    modes.function.push_back(field_of(axes, all[n], grid));
  }
  return modes;
}

}  // namespace umkehr
