// SPDX-License-Identifier: GPL-3.0-or-later
// dP/ds = -div(F P) + sum_k D_k/2 d_k^2 P - V P (2.6, 2.16b, 2.33a) from a law at `start`, by any of the methods.
#pragma once

#include <string>
#include <vector>

#include "grids/grid.hpp"
#include "grids/history.hpp"
#include "solver/kolmogorov/choices.hpp"
#include "solver/kolmogorov/grid_errors.hpp"
#include "solver/kolmogorov/replay.hpp"
#include "solver/law/law.hpp"
#include "solver/process/process.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {

struct FokkerPlanckSolution {
  History density;              ///< cell means for finite volume, else values at the centres
  History log_density;          ///< finite everywhere
  std::vector<History> score;   ///< d_k ln P at the centres, one an axis
  std::vector<double> mass;     ///< on the grid (finite volume) or the line, at each time
  std::vector<double> entropy;  ///< -int P ln P at each time
  double mass_error = 0;        ///< largest |mass + outflow + killed - initial mass|
  double minimum = 0;           ///< smallest value of the density
  GridErrors errors;            ///< where `estimates_errors` asks for them
  Marched run;
  std::vector<double> hermite_centre, hermite_scale;  ///< as used
  std::vector<std::string> warnings;                  ///< each with a number and a remedy
};

/// What is wanted beside the density; what is not stays empty.
struct FokkerPlanckFields {
  bool log_density = true;
  bool score = true;
};

/// The density at ascending `times`, none before `start`, where it is `initial`. Throws UnfitProblem for choices
/// that do not fit, NumericalFailure where no step is short enough, and whatever `progress` throws. With `replay`, what the
/// backward equation needs to take the same steps is left there.
FokkerPlanckSolution solve_fokker_planck(const Process& process, const Grid& grid, const Law& initial,
                                         double start, const std::vector<double>& times,
                                         const KolmogorovChoices& choices = {}, const Progress& progress = {},
                                         FokkerPlanckReplay* replay = nullptr,
                                         const FokkerPlanckFields& fields = {});

/// Bytes that a run will take, without running it.
std::size_t estimate_memory(const Grid& grid, std::size_t times, const KolmogorovChoices& choices);

}  // namespace umkehr
