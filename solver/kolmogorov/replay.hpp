// SPDX-License-Identifier: GPL-3.0-or-later
// What a forward run leaves for the backward equation to take the same steps, transposed.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "solver/kolmogorov/choices.hpp"
#include "solver/process/process.hpp"
#include "solver/stepping/discretisation.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {

struct FokkerPlanckReplay {
  /// To be set before the run: it goes on to this time, where it is later than the last saved one.
  std::optional<double> stop;

  Process process;
  std::optional<Grid> grid;
  Method method{};
  std::shared_ptr<Discretisation> discretisation;
  std::vector<double> times;                ///< the saved ones
  std::vector<std::vector<double>> states;  ///< at those times
  Marched run;                              ///< from the start to `stop`
  std::vector<double> hermite_centre, hermite_scale;
};

}  // namespace umkehr
