// SPDX-License-Identifier: GPL-3.0-or-later
// The task "schroedinger-bridge".
#include <algorithm>

#include "experiments/tasks/method_names.hpp"
#include "experiments/tasks/task_input.hpp"
#include "solver/law/affine.hpp"

namespace umkehr {
namespace {

const std::vector<std::string> propagators = {"path-integral", "finite-volume"};
constexpr std::size_t most_iterations = 10'000'000;

bool has_closed_form(const Process& reference, const Grid& grid) {
  const bool is_line = std::none_of(grid.axes().begin(), grid.axes().end(),
                                    [](const Axis& axis) { return axis.boundary == Boundary::periodic; });
  return is_line && AffineProcess::of(reference).has_value();
}

/// Closed forms know no walls.
bool are_walls_meant(const Grid& grid, const Law& initial, const Law& final) {
  const auto absorbs = [](const Axis& axis) { return axis.boundary == Boundary::absorbing; };
  return std::any_of(grid.axes().begin(), grid.axes().end(), absorbs) || reaches_walls(initial, grid) ||
         reaches_walls(final, grid);
}

BridgeMethod read_bridge_method(Section& section, bool closed_form, bool walls_are_meant) {
  const TomlValue& value = section.with_default(
      "method", TomlValue::of(method_names::bridge[closed_form && !walls_are_meant ? 0 : 1]));
  const std::string name = read_choice(value, "method", method_names::bridge);
  if (name == method_names::bridge[1]) return BridgeMethod::propagator;
  if (!closed_form)
    refuse(value, "method",
           "needs a process with affine drift and killing at most quadratic, and no periodic axis; take "
           "\"propagator\"");
  return BridgeMethod::closed_form;
}

PropagatorMethod read_propagator(Section& section, const SchroedingerBridgeTask& task, const Grid& grid,
                                 const Times& times) {
  const PropagatorMethod usual =
      usual_propagator(task.reference, grid, task.initial, task.final, times.start, times.stop);
  const TomlValue& value = section.with_default("propagator", TomlValue::of(name_of(usual)));
  if (read_choice(value, "propagator", propagators) == propagators[1]) return PropagatorMethod::finite_volume;
  if (usual != PropagatorMethod::sliced && grid.dimension() > 1)
    refuse(value, "propagator",
           "needs, along several axes, a drift that is the gradient of a smooth function, and cells that its "
           "slices resolve; take \"finite-volume\"");
  return PropagatorMethod::sliced;
}

}  // namespace

std::string name_of(BridgeMethod method) {
  return method_names::bridge[static_cast<std::size_t>(method)];
}

std::string name_of(PropagatorMethod method) {
  return propagators[method == PropagatorMethod::finite_volume];
}

SchroedingerBridgeTask read_schroedinger_bridge(Section& section, const TaskInput& input) {
  const Grid& grid = input.laws.grid;
  SchroedingerBridgeTask task;
  task.reference = read_own_process(section, input.process, input.laws.formulas, grid, input.times);
  SchroedingerChoices& system = task.choices.system;
  system.tolerance = read_number(section.with_default("tolerance", TomlValue::of(system.tolerance)),
                                 "tolerance", any_tolerance);
  const auto usual = TomlValue::of(static_cast<std::int64_t>(system.most_iterations));
  system.most_iterations =
      read_count(section.with_default("iterations", usual), "iterations", 1, most_iterations);
  task.initial = read_law(section.require("initial", "the density at the start"), "initial", input.laws);
  task.final = read_law(section.require("final", "the density at the stop"), "final", input.laws);
  task.choices.method = read_bridge_method(section, has_closed_form(task.reference, grid),
                                           are_walls_meant(grid, task.initial, task.final));
  if (task.choices.method == BridgeMethod::propagator)
    task.choices.propagator = read_propagator(section, task, grid, input.times);
  return task;
}

}  // namespace umkehr
