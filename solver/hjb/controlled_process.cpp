// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/controlled_process.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>

#include "grids/failure.hpp"
#include "grids/interpolation/lagrange.hpp"
#include "grids/machine/team.hpp"

namespace umkehr {
namespace {

constexpr std::size_t width = 4;

class InterpolatedControl {
 public:
  InterpolatedControl(Grid grid, History control) : grid_(std::move(grid)), control_(std::move(control)) {}

  // Outside the saved times, and beyond the walls, the control stays what it is at the nearest of those.
  void operator()(const Points& x, double t, std::span<double> out) const {
    const std::vector<double>& times = control_.times();
    const LagrangeStencil in_time =
        LagrangeStencil::about(times, width, std::clamp(t, times.front(), times.back()));
    const double a_place = 10 * std::pow(width, static_cast<double>(grid_.dimension() + 1));
    share(x.count(), a_place, [&](std::size_t i) {
      const GridStencil in_space(grid_, width, cells_at(x, i));
      double sum = 0;
      for (std::size_t n = 0; n < in_time.count; ++n)
        sum += in_time.weight[n] * in_space(control_[in_time.index[n]]);
      out[i] = sum;
    });
  }

 private:
  GridStencil::Cells cells_at(const Points& x, std::size_t i) const {
    GridStencil::Cells cells{};
    for (std::size_t k = 0; k < grid_.dimension(); ++k) {
      const Axis& axis = grid_.axis(k);
      const double at =
          axis.boundary == Boundary::periodic ? x[k][i] : std::clamp(x[k][i], axis.from, axis.to);
      cells[k] = (at - axis.from) / axis.spacing() - 0.5;
    }
    return cells;
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
    throw UnfitProblem("the process, the grid and the control differ in dimension");
  Process controlled;
  controlled.diffusion = process.diffusion;
  for (std::size_t k = 0; k < d; ++k) {
    const History& control = solution.control[k];
    if (control.size() != grid.size()) throw UnfitProblem("the control is of another grid");
    if (control.times().size() < 2)
      throw UnfitProblem("a control at " + std::to_string(control.times().size()) +
                         " times says nothing of those between: save two or more");
    const Coefficient &drift = process.drift[k], &diffusion = process.diffusion[k];
    const auto slope = std::make_shared<const InterpolatedControl>(grid, over(control, diffusion));
    controlled.drift.emplace_back(
        Coefficient::Function([drift, diffusion, slope](const Points& x, double t, std::span<double> out) {
          (*slope)(x, t, out);
          std::vector<double> free(out.size());
          drift(x, t, free);
          const double noise = diffusion(t);
          for (std::size_t i = 0; i < out.size(); ++i) out[i] = free[i] + noise * out[i];
        }));
  }
  return controlled;
}

}  // namespace umkehr
