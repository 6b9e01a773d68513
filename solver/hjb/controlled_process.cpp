// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/controlled_process.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <span>
#include <stdexcept>

namespace umkehr {
namespace {

/// Lagrange's polynomial through up to four nodes.
struct Stencil {
  std::size_t count = 0;
  std::array<std::size_t, 4> index{};
  std::array<double, 4> weight{};
};

template <class Node>
void weigh(Stencil& stencil, double at, const Node& node) {
  for (std::size_t i = 0; i < stencil.count; ++i) {
    stencil.weight[i] = 1;
    for (std::size_t j = 0; j < stencil.count; ++j)
      if (j != i) stencil.weight[i] *= (at - node(j)) / (node(i) - node(j));
  }
}

Stencil in_time(const std::vector<double>& times, double t) {
  Stencil stencil;
  stencil.count = std::min<std::size_t>(4, times.size());
  const auto above = std::upper_bound(times.begin(), times.end(), t) - times.begin();
  const auto first = std::clamp<std::ptrdiff_t>(above - static_cast<std::ptrdiff_t>(stencil.count) / 2, 0,
                                                static_cast<std::ptrdiff_t>(times.size() - stencil.count));
  for (std::size_t i = 0; i < stencil.count; ++i) stencil.index[i] = static_cast<std::size_t>(first) + i;
  // Outside the saved times the control stays what it is at the nearest one.
  weigh(stencil, std::clamp(t, times.front(), times.back()),
        [&](std::size_t i) { return times[stencil.index[i]]; });
  return stencil;
}

Stencil in_space(const Axis& axis, double x) {
  const auto n = static_cast<std::ptrdiff_t>(axis.points);
  const bool is_periodic = axis.boundary == Boundary::periodic;
  // Beyond the walls the control stays what it is there.
  if (!is_periodic) x = std::clamp(x, axis.from, axis.to);
  const double cell = (x - axis.from) / axis.spacing() - 0.5;
  const std::ptrdiff_t wanted = static_cast<std::ptrdiff_t>(std::floor(cell)) - 1;
  const std::ptrdiff_t first = is_periodic ? wanted : std::clamp<std::ptrdiff_t>(wanted, 0, n - 4);
  Stencil stencil;
  stencil.count = 4;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::ptrdiff_t index = first + static_cast<std::ptrdiff_t>(i);
    stencil.index[i] = static_cast<std::size_t>(((index % n) + n) % n);
  }
  weigh(stencil, cell, [&](std::size_t i) { return static_cast<double>(first) + static_cast<double>(i); });
  return stencil;
}

class InterpolatedControl {
 public:
  InterpolatedControl(Grid grid, History control) : grid_(std::move(grid)), control_(std::move(control)) {}

  double operator()(std::span<const double> x, double t) const {
    const Stencil times = in_time(control_.times(), t);
    std::array<Stencil, 3> axes;
    for (std::size_t k = 0; k < grid_.dimension(); ++k) axes[k] = in_space(grid_.axis(k), x[k]);
    double sum = 0;
    for (std::size_t n = 0; n < times.count; ++n)
      sum += times.weight[n] * along(std::span(axes).first(grid_.dimension()), control_[times.index[n]], 0);
    return sum;
  }

 private:
  double along(std::span<const Stencil> axes, std::span<const double> field, std::size_t offset) const {
    if (axes.empty()) return field[offset];
    const Stencil& own = axes.front();
    const std::size_t stride = grid_.stride(grid_.dimension() - axes.size());
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i)
      sum += own.weight[i] * along(axes.subspan(1), field, offset + own.index[i] * stride);
    return sum;
  }

  Grid grid_;
  History control_;
};

/// -grad lambda, which does not jump where D does, at the control's times.
History over(const History& control, const Coefficient& diffusion) {
  History slope = control;
  for (std::size_t n = 0; n < slope.times().size(); ++n)
    for (double& u : slope[n]) u /= diffusion(slope.times()[n]);
  return slope;
}

}  // namespace

Process controlled_process(const Process& process, const Grid& grid, const HjbSolution& solution) {
  const std::size_t d = grid.dimension();
  if (process.dimension() != d || solution.control.size() != d)
    throw std::invalid_argument("the process, the grid and the control differ in dimension");
  Process controlled;
  controlled.diffusion = process.diffusion;
  for (std::size_t k = 0; k < d; ++k) {
    const History& control = solution.control[k];
    if (control.size() != grid.size()) throw std::invalid_argument("the control is of another grid");
    if (control.times().size() < 2)
      throw std::invalid_argument("a control at " + std::to_string(control.times().size()) +
                                  " times says nothing of those between: save two or more");
    const Coefficient &drift = process.drift[k], &diffusion = process.diffusion[k];
    const auto slope = std::make_shared<const InterpolatedControl>(grid, over(control, diffusion));
    controlled.drift.emplace_back(
        Coefficient::Function([drift, diffusion, slope](std::span<const double> x, double t) {
          return drift(x, t) + diffusion(t) * (*slope)(x, t);
        }));
  }
  return controlled;
}

}  // namespace umkehr
