// SPDX-License-Identifier: GPL-3.0-or-later
// Where the best control leads: the control of (3.24) from `start` on, and the density of the process under it by finite
// volumes, mass kept (the killing was a cost, not a loss).
#pragma once

#include <vector>

#include "solver/hjb/hjb.hpp"
#include "solver/law/law.hpp"

namespace umkehr {

struct Steered {
  HjbSolution control;  ///< at the saved times
  History density;      ///< cell means at the same times
};

/// The control is solved for on 129 equal times and more, so that it is smooth between saved ones. Throws as solve_hjb and
/// solve_fokker_planck do.
Steered steer(const Process& process, const Grid& grid, const Coefficient& terminal, const Law& initial,
              double start, double stop, const std::vector<double>& times, const HjbChoices& choices = {},
              const Progress& progress = {});

}  // namespace umkehr
