// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "experiments/output/result.hpp"
#include "experiments/tasks/task.hpp"

namespace umkehr {

/// density and control_* on (t, axes...), error(t); action, action_running, normalisation, density_error,
/// ways_difference, lost; with another start also start_kl and endpoint_kl.
Group reverse_diffusion_group(const std::string& name, const Grid& grid, const ReverseDiffusionTask& task,
                              const ReverseDiffusionSolution& solution);

}  // namespace umkehr
