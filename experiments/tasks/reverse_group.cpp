// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/reverse_group.hpp"

#include <optional>

#include "experiments/tasks/field_group.hpp"
#include "experiments/tasks/task_input.hpp"

namespace umkehr {
namespace {

void add_fields(const Grid& grid, const ReverseDiffusionTask& task, const ReverseDiffusionSolution& solution,
                Group& group) {
  const std::vector<std::string> field = dimensions_of(grid);
  const std::string means =
      task.choices.kolmogorov.method == Method::finite_volume ? ", means over the cells" : "";
  group.variables.push_back({"density", field, solution.density.values(),
                             "density of the reverse process, by Anderson's formula" + means, "3.35, 3.40"});
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const std::string& axis = grid.axis(k).name;
    group.variables.push_back({"control_" + axis, field, solution.control[k].values(),
                               "control u = D d ln P / d" + axis, "3.34, 3.35"});
  }
  group.variables.push_back({"error",
                             {"t"},
                             solution.error,
                             "relative L1 distance of the density from the law to come back",
                             "3.31-3.33"});
}

void add_scalars(const ReverseDiffusionSolution& solution, Group& group) {
  const auto add = [&](const char* variable, std::optional<double> value, const char* meaning,
                       const char* equation) {
    if (value) group.variables.push_back({variable, {}, {*value}, meaning, equation});
  };
  const ReverseAction& action = solution.action;
  add("action", action.action, "action A* = h(P_i) - h(P_f), i the noise end", "3.22");
  add("action_running", action.running, "the same as int E[D S^2/2 + div F] dt", "3.22");
  add("normalisation", action.normalisation, "E_i ln Z, Z the mass of the killed reference", "3.16");
  add("density_error", solution.density_error, "error at the first time, the data end", "3.31-3.33");
  add("ways_difference", solution.ways_difference,
      "largest relative L1 distance of the bridge's density from Anderson's", "3.29-3.35");
  add("lost", solution.lost, "forward mass that was killed or absorbed, which does not come back", "2.33a");
  add("start_kl", solution.start_kl, "D_KL(P(stop) || initial)", "A.4");
  add("endpoint_kl", solution.endpoint_kl, "D_KL(P || density) at the first time", "A.4");
}

}  // namespace

Group reverse_diffusion_group(const std::string& name, const Grid& grid, const ReverseDiffusionTask& task,
                              const ReverseDiffusionSolution& solution) {
  const KolmogorovChoices& choices = task.choices.kolmogorov;
  Group group{name,
              coordinates_of(grid, solution.density.times()),
              {},
              {{"solve", "reverse-diffusion"},
               {"of", task.of},
               {"method", name_of(choices.method)},
               {"scheme", choices.scheme},
               {"steps", std::to_string(solution.run.steps.size())}}};
  if (!solution.hermite_centre.empty()) group.attributes["centre"] = list_text(solution.hermite_centre);
  if (!solution.hermite_scale.empty()) group.attributes["scale"] = list_text(solution.hermite_scale);
  if (task.choices.initial) group.attributes["start"] = "initial";
  add_fields(grid, task, solution, group);
  add_scalars(solution, group);
  if (choices.method == Method::finite_volume) note_cell_means(group, grid, "density");
  return group;
}

}  // namespace umkehr
