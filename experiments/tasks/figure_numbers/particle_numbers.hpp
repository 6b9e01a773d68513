// SPDX-License-Identifier: GPL-3.0-or-later
// What figures of particles show beside their estimates: how far these are from what a grid has for the same law.
#pragma once

#include <optional>
#include <vector>

#include "experiments/tasks/figure_numbers/shown_tasks.hpp"

namespace umkehr {

/// Of the first Fokker-Planck task whose density the histogram of these particles follows, the figures' group with
/// attributes `particles`, `density` (labels) and
///   reference(t, axes)    its means over the cells
///   deviation(t, axes)    (histogram - reference)/histogram_error where a hundred particles or more are expected, with
///                         which the error of the count is known and nearly normal
///   outflow(t, wall)      between absorbing walls of one axis, where nothing is killed: the mass that the grid has lost
///                         since the time before, shared between the walls as the fluxes that keep up the means of the
///                         cells next to them at both times
/// Not a number unless `is_wanted`. Nothing where there is no such task.
std::optional<Group> histogram_group(const ShownTask& particles, const std::vector<ShownTask>& tasks,
                                     bool is_wanted);

/// For each task of particles with a `terminal` of which a Backward-Kolmogorov task replays the same law: a group with
/// attributes `expected_of` and `reference_task` (names), on the swept keys
///   expected              <P, J> at the last time
///   deviation             value - expected
std::vector<Group> expectation_groups(const std::filesystem::path& file, const Result& outline,
                                      const Sweep& sweep);

}  // namespace umkehr
