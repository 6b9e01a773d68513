// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of what tasks will take.
#pragma once

#include <string>

#include "experiments/tasks/shared/task.hpp"

namespace umkehr {

// Seconds a cell and a step, and steps of smooth problems, as measured on experiments/*.toml; the powers are the orders.
inline constexpr double a_volume = 3e-7, a_mode = 4e-7, a_slice = 6e-7, a_pair = 2e-8;
inline constexpr double a_kernel_entry = 1e-9;
inline constexpr double smooth_steps = 100;

inline double cells_of(const Problem& problem) {
  return static_cast<double>(problem.grid.size());
}
inline double times_of(const Problem& problem) {
  return static_cast<double>(problem.times.size());
}
inline double axes_of(const Problem& problem) {
  return static_cast<double>(problem.grid.dimension());
}
/// Bytes.
inline double field_of(const Problem& problem) {
  return cells_of(problem) * sizeof(double);
}

/// "drift |F|/dx up to 12, noise D/dx^2 up to 3 over a time of 1": what makes steps short, the largest first.
std::string rates_text(const Process& process, const Problem& problem);
/// Of steps through the whole time, each `times` as long as one of a density.
TaskCost march_cost(const Problem& problem, const KolmogorovChoices& choices, double times = 1);
/// Of the initial law: its means over the cells, in the check and in the run, and what it is kept in.
double cell_means_seconds(const Law& law, const Grid& grid);
double law_memory(const Law& law);

}  // namespace umkehr
