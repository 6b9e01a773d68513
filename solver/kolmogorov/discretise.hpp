// SPDX-License-Identifier: GPL-3.0-or-later
// From the choices of a run to the discretisation that they name.
#pragma once

#include <memory>
#include <vector>

#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/stepping/discretisation.hpp"

namespace umkehr {

/// Whether a method's steps can make a density negative without noticing. (Finite volumes refuse such steps; Hermite
/// series are judged by their coefficients.)
bool may_be_negative(const KolmogorovChoices& choices);

/// Notes the Hermite basis that was used, and what there is to say of it, in `solution`. Throws UnfitProblem
/// where the method does not fit the problem.
std::unique_ptr<Discretisation> discretise(const Process& process, const Grid& grid, const Law& initial,
                                           const std::vector<double>& times, const KolmogorovChoices& choices,
                                           FokkerPlanckSolution& solution);

/// The same for a run that knows only `terminal`, the value at times.back().
std::unique_ptr<Discretisation> discretise(const Process& process, const Grid& grid,
                                           const Coefficient& terminal, const std::vector<double>& times,
                                           const KolmogorovChoices& choices,
                                           BackwardKolmogorovSolution& solution);

/// The discretisation's own scheme that the choices name, for equal or adaptive steps.
const Scheme* scheme_of(const KolmogorovChoices& choices);

}  // namespace umkehr
