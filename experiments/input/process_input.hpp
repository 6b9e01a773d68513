// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "experiments/input/formula_input.hpp"
#include "experiments/input/problem.hpp"
#include "experiments/input/time_input.hpp"
#include "experiments/text/toml_value.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

class Section;

/// A value of the file and the key under which it stands.
struct Written {
  std::string key;
  TomlValue value;
};

/// A process, and where each of its functions was written.
struct WrittenProcess {
  Process process;
  std::vector<Written> drift;      ///< one an axis
  std::vector<Written> diffusion;  ///< one an axis
  Written killing;
};

/// The table [process], whose definitions `formulas` already knows. Throws ExperimentError.
WrittenProcess read_process(TomlValue& table, const FormulaInput& formulas, const Times& times);

/// The process of a task that may bring a `diffusion` and a `killing` of its own. Throws ExperimentError.
Process read_own_process(Section& section, const WrittenProcess& written, const FormulaInput& formulas,
                         const Grid& grid, const Times& times);

/// Refuses a drift or killing that is not finite on the grid, and a D(t) that is not positive after the start
/// (it may vanish there). Looked at: several times, at up to a million cells each; D at a thousand times. Without a grid
/// drift and killing are looked at by the particles alone.
void check_process(const WrittenProcess& written, const Space& grid, const Times& times);

}  // namespace umkehr
