// SPDX-License-Identifier: GPL-3.0-or-later
// The variable exact_density (t, axes...) beside a run's own density, where the law is known in closed form
// (exact_law.hpp). On large grids it takes as long as some runs, so it is written only where a task's `write` names it.
#pragma once

#include <string>
#include <vector>

#include "experiments/tasks/shared/exact_law.hpp"
#include "experiments/tasks/shared/task_group.hpp"

namespace umkehr {

/// What the list of a kind that writes it has.
TaskVariable exact_density_variable();
bool asks_for_exact_density(const Task& task);

/// Adds it, or a warning that says why it cannot: means over the cells for finite volumes and where the law is a point,
/// else values at the centres.
void add_exact_density(const KnownLaw& known, const Grid& grid, const std::vector<double>& times,
                       TaskGroup& group, std::vector<std::string>& warnings);

}  // namespace umkehr
