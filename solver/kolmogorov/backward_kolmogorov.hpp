// SPDX-License-Identifier: GPL-3.0-or-later
// -dJ/ds = F.grad J + sum_k D_k/2 d_k^2 J - V J (2.26, 2.28, 2.33b) from J at `stop` down to earlier times, by the
// transposed steps of any of the forward methods: J(x, s) = E[J(x(stop)) exp(-int V) given x(s) = x] (2.27, 2.29).
#pragma once

#include <string>
#include <vector>

#include "grids/grid.hpp"
#include "grids/history.hpp"
#include "solver/kolmogorov/choices.hpp"
#include "solver/kolmogorov/grid_errors.hpp"
#include "solver/kolmogorov/replay.hpp"
#include "solver/process/process.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {

struct BackwardKolmogorovSolution {
  History value;  ///< at the centres; at `stop` the terminal value itself
  std::vector<double>
      pairing;  ///< <P, J> at each time in the method's own inner product; empty unless replayed
  Marched run;
  GridErrors errors;                                  ///< where `estimates_errors` asks for them
  std::vector<double> hermite_centre, hermite_scale;  ///< as used
  std::vector<std::string> warnings;                  ///< each with a number and a remedy
};

/// The value at ascending `times`, none after `stop`, where it is `terminal`. Throws UnfitProblem for choices
/// that do not fit, NumericalFailure where no step is short enough, and whatever `progress` throws.
BackwardKolmogorovSolution solve_backward_kolmogorov(const Process& process, const Grid& grid,
                                                     const Coefficient& terminal, double stop,
                                                     const std::vector<double>& times,
                                                     const KolmogorovChoices& choices = {},
                                                     const Progress& progress = {});

/// The value at the saved times of a forward run, from where that run ended, by its own steps in reverse order.
BackwardKolmogorovSolution replay_backward_kolmogorov(const FokkerPlanckReplay& of,
                                                      const Coefficient& terminal,
                                                      const Progress& progress = {});

}  // namespace umkehr
