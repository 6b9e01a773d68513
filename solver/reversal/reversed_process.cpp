// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/reversal/reversed_process.hpp"

namespace umkehr {

Process reversed_process(const Process& process, const std::shared_ptr<const ForwardLaw>& law,
                         const ReversedClock& clock) {
  Process reversed;
  for (std::size_t k = 0; k < process.dimension(); ++k) {
    const Coefficient drift = process.drift[k], diffusion = process.diffusion[k];
    reversed.drift.emplace_back(Coefficient::Function([=](std::span<const double> x, double r) {
      const double t = clock(r);
      return -drift(x, t) + diffusion(t) * law->score(x, t, k);
    }));
    if (diffusion.constant_value())
      reversed.diffusion.push_back(diffusion);
    else
      reversed.diffusion.emplace_back(
          Coefficient::Function([=](std::span<const double>, double r) { return diffusion(clock(r)); }));
  }
  return reversed;
}

Grid reversed_grid(const Grid& grid) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes)
    if (axis.boundary == Boundary::absorbing) axis.boundary = Boundary::reflecting;
  return Grid(std::move(axes));
}

}  // namespace umkehr
