// SPDX-License-Identifier: GPL-3.0-or-later
// The exact law of a process at any time: the closed form where the process is affine and its initial law a
// mixture, else a solution of the Fokker-Planck equation (2.6) at the nodes of Gauss-Kronrod panels, by
// polynomials of degree 14 between them.
#pragma once

#include <memory>

#include "solver/kolmogorov/choices.hpp"
#include "solver/law/law.hpp"
#include "solver/law/law_path.hpp"
#include "solver/process/process.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {

/// Throws UnfitProblem where the law at `start` is a point, and as solve_fokker_planck does.
std::shared_ptr<const LawPath> law_path(const Process& process, const Grid& grid, const Law& initial,
                                        double origin, double start, double stop,
                                        const KolmogorovChoices& choices, const Progress& progress = {});

}  // namespace umkehr
