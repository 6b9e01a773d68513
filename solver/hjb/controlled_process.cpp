// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/controlled_process.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <stdexcept>

#include "grids/interpolation/lagrange.hpp"

namespace umkehr {
namespace {

constexpr std::size_t width = 4;

class InterpolatedControl {
 public:
  InterpolatedControl(Grid grid, History control) : grid_(std::move(grid)), control_(std::move(control)) {}

  double operator()(std::span<const double> x, double t) const {
    // Outside the saved times, and beyond the walls, the control stays what it is at the nearest of those.
    const std::vector<double>& times = control_.times();
    const LagrangeStencil in_time =
        LagrangeStencil::about(times, width, std::clamp(t, times.front(), times.back()));
    GridStencil::Cells cells{};
    for (std::size_t k = 0; k < grid_.dimension(); ++k) {
      const Axis& axis = grid_.axis(k);
      const double at = axis.boundary == Boundary::periodic ? x[k] : std::clamp(x[k], axis.from, axis.to);
      cells[k] = (at - axis.from) / axis.spacing() - 0.5;
    }
    const GridStencil in_space(grid_, width, cells);
    double sum = 0;
    for (std::size_t n = 0; n < in_time.count; ++n)
      sum += in_time.weight[n] * in_space(control_[in_time.index[n]]);
    return sum;
  }

 private:
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
