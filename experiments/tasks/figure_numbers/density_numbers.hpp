// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "experiments/tasks/figure_numbers/figure_numbers.hpp"
#include "experiments/tasks/figure_numbers/shown_tasks.hpp"
#include "experiments/tasks/shared/exact_law.hpp"

namespace umkehr {

/// Adds to `out` what figure_numbers.hpp lists for the density of a task, with the law where one is known.
void add_density_numbers(const ShownTask& from, const std::optional<ExactLaw>& law, const IsWanted& is_wanted,
                         Group& out);

}  // namespace umkehr
