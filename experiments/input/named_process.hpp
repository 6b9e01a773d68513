// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "experiments/input/formula_input.hpp"
#include "experiments/input/reading.hpp"
#include "experiments/input/time_input.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// A formula that may depend on t alone. Throws ExperimentError.
Coefficient function_of_time(const FormulaInput& formulas, const TomlValue& value, std::string_view key);

/// The known process called `name`, with its parameters from the same table. Throws ExperimentError.
Process named_process(Section& section, const TomlValue& name, const FormulaInput& formulas,
                      const Times& times);

/// A paragraph a process: its formulas and parameters.
std::string named_processes_help();

}  // namespace umkehr
