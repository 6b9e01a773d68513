// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/tasks/shared/closed_forms.hpp"

namespace umkehr {

/// Adds density, log_chi, log_chi_hat, control_*, coupling, kl and action of a bridge between two Gaussians, by
/// gaussian_bridge.hpp, on the line without walls.
void add_bridge_law(const Process& reference, const Law& initial, const Law& final, const Group& run,
                    ClosedForms& known);

}  // namespace umkehr
