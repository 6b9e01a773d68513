// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "experiments/output/result.hpp"
#include "experiments/tasks/experiment.hpp"
#include "solver/law/affine.hpp"

namespace umkehr {

/// A run and what is known of it in closed form, as two results of equal shape.
struct AnalyticPair {
  Result run, law;
  std::vector<std::string> remarks;
};

/// Throws ResultFileError unless the group's axes are those of the experiment.
void check_grid(const Grid& grid, const Group& group);

/// Adds J of a backward-kolmogorov task, by affine_value.hpp, where paths from x stay away from the walls: elsewhere the
/// wall's own physics is in the values, and both sides are set to nought.
void add_values(const Experiment& experiment, const AffineProcess& process,
                const BackwardKolmogorovTask& task, const Group& group, AnalyticPair& pair);

/// Adds density, log_chi, log_chi_hat, control_*, coupling, kl and action of a bridge between two Gaussians, by
/// gaussian_bridge.hpp, on the line without walls.
void add_bridge(const Experiment& experiment, const SchroedingerBridgeTask& task, const Group& group,
                AnalyticPair& pair);

}  // namespace umkehr
