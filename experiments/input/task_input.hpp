// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "experiments/input/experiment.hpp"
#include "experiments/input/law_input.hpp"
#include "experiments/input/time_input.hpp"
#include "experiments/input/toml_value.hpp"

namespace umkehr {

/// The tables [[task]]. Throws ExperimentError, and ResultFileError where a file that a density names cannot
/// be read.
std::vector<FokkerPlanckTask> read_tasks(TomlValue& tables, const LawInput& input, const Times& times);

/// As the experiment file and the result file spell it.
std::string name_of(Method method);

}  // namespace umkehr
