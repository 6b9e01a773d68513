// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/kolmogorov/setup_check.hpp"

#include "grids/failure.hpp"
#include "solver/kolmogorov/discretise.hpp"
#include "solver/kolmogorov/narrow_feature.hpp"

namespace umkehr {
namespace {

void check_hermite(const Grid& grid) {
  for (const Axis& axis : grid.axes())
    if (axis.boundary == Boundary::periodic)
      throw UnfitProblem("the Hermite method works on the whole line, but axis \"" + axis.name +
                         "\" is periodic; use another method");
}

}  // namespace

void check_setup(const Process& process, const Grid& grid, const Law& initial, double start, double stop,
                 const KolmogorovChoices& choices) {
  scheme_of(choices);
  require_wide_features(process, grid, start, stop);
  require_wide_features(initial, grid);
  if (choices.method == Method::hermite) return check_hermite(grid);
  FokkerPlanckSolution unused;
  discretise(process, grid, initial, {start, stop}, choices, unused)->state_of(initial);
}

void check_setup(const Process& process, const Grid& grid, const Coefficient& terminal, double start,
                 double stop, const KolmogorovChoices& choices) {
  scheme_of(choices);
  require_wide_features(process, grid, start, stop);
  require_wide_features(terminal, grid, stop);
  if (choices.method == Method::hermite) return check_hermite(grid);
  BackwardKolmogorovSolution unused;
  discretise(process, grid, terminal, {start, stop}, choices, unused)->value_state_of(terminal, stop);
}

}  // namespace umkehr
