// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "experiments/output/result.hpp"
#include "experiments/tasks/task.hpp"

namespace umkehr {

/// density, log_chi, log_chi_hat, control_* on (t, axes...); in 1-D coupling(x_initial, x_final); kl, action,
/// kl_error, action_error, marginal_error, iterations.
Group bridge_group(const std::string& name, const Grid& grid, const SchroedingerBridgeTask& task,
                   const Bridge& bridge);

}  // namespace umkehr
