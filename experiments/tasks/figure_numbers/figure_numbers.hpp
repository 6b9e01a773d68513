// SPDX-License-Identifier: GPL-3.0-or-later
// What figures show beside the fields of a result. Python draws it, computing it is left to this side. In the group of a
// task, with `solve` as attribute:
//   a density           mean_*(t), variance_*(t) along each axis that is no angle
//   of a known law      exact_mean_*(t), exact_variance_*(t), and density_error(t), score_error(t), relative, in L1 and in
//                       L2(P); in one dimension exact_log_density(t, x), and of one Gaussian printed_variance(t), which is
//                       D/beta (1 - exp(-int beta)) (2.35) and right for constant D/beta alone
//   schroedinger-bridge unkilled_distance: largest relative L1 distance of its density, over t, from that of the bridge
//                       without killing
// with what the task itself adds (Task::add_for_figures), and a group for each pair of methods (method_pairs.hpp) and for
// particles beside what a grid has (particle_numbers.hpp). The groups of a sweep are the runs that shown_tasks.hpp lists;
// attributes `task`, `run` and `label` say which.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "experiments/output/result.hpp"
#include "experiments/tasks/sweep/sweep_input.hpp"

namespace umkehr {

/// Whether a figure of that name, or some of that kind, may be drawn.
using IsWanted = std::function<bool(const std::string& figure)>;

/// Variables that no wanted figure shows are there, for the names of figures hang on them, but hold NaN. `outline` is that
/// of `file`, and `sweep` what its experiment makes. Throws ResultFileError where the file is not one of this experiment.
Result figure_numbers(const std::filesystem::path& file, const Result& outline, const Sweep& sweep,
                      const IsWanted& is_wanted);

}  // namespace umkehr
