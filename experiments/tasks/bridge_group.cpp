// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/bridge_group.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/tasks/field_group.hpp"
#include "experiments/tasks/task_input.hpp"

namespace umkehr {
namespace {

/// Files hold finite numbers: where chi vanishes its logarithm is that of the smallest double, or less where others are.
std::vector<double> finite_logarithms(const History& history) {
  std::vector<double> all = history.values();
  double least = std::log(std::numeric_limits<double>::min());
  for (const double value : all)
    if (std::isfinite(value)) least = std::min(least, value);
  for (double& value : all)
    if (value == -std::numeric_limits<double>::infinity()) value = least;
  return all;
}

}  // namespace

Group bridge_group(const std::string& name, const Grid& grid, const SchroedingerBridgeTask& task,
                   const Bridge& bridge) {
  Group group{name,
              coordinates_of(grid, bridge.density.times()),
              {},
              {{"solve", "schroedinger-bridge"}, {"method", name_of(task.choices.method)}}};
  if (task.choices.method == BridgeMethod::propagator)
    group.attributes["propagator"] = name_of(task.choices.propagator);
  const auto field = [&](const std::string& variable, std::vector<double> values, const std::string& meaning,
                         const char* equation) {
    group.variables.push_back({variable, dimensions_of(grid), std::move(values), meaning, equation});
  };
  const auto scalar = [&](const char* variable, double value, const char* meaning, const char* equation) {
    group.variables.push_back({variable, {}, {value}, meaning, equation});
  };
  field("density", bridge.density.values(), "density of the bridge, P = chi chi_hat", "3.26, 3.28");
  field("log_chi", finite_logarithms(bridge.log_chi), "ln chi", "3.26b, 3.28");
  field("log_chi_hat", finite_logarithms(bridge.log_chi_hat), "ln chi_hat", "3.28");
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const std::string& axis = grid.axis(k).name;
    field("control_" + axis, bridge.control[k].values(), "control u = D d ln chi / d" + axis, "3.26a");
  }
  if (!bridge.coupling.empty()) {
    const std::string& axis = grid.axis(0).name;
    const std::vector<std::string> ends = {axis + "_initial", axis + "_final"};
    group.coordinates.push_back({ends[0], grid.axis(0).centres(), axis + " at the start"});
    group.coordinates.push_back({ends[1], grid.axis(0).centres(), axis + " at the stop"});
    group.variables.push_back({"coupling", ends, bridge.coupling, "joint density of the ends", "3.28"});
  }
  scalar("kl", bridge.divergence, "D_KL(H* || G)", "3.15, 3.28");
  scalar("kl_error", bridge.divergence_error, "error of the divergence, estimated", "3.15");
  scalar("action", bridge.action, "action, int int P (|u|^2/2D + V)", "3.21, 3.22");
  scalar("action_error", bridge.action_error, "error of the action, estimated", "3.22");
  scalar("marginal_error", bridge.marginal_error, "L1 error of the marginals", "3.28");
  scalar("iterations", static_cast<double>(bridge.iterations), "iterations of the Schroedinger system",
         "3.28");
  return group;
}

}  // namespace umkehr
