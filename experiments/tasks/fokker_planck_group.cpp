// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/fokker_planck_group.hpp"

#include "experiments/tasks/field_group.hpp"
#include "experiments/tasks/task_input.hpp"

namespace umkehr {
namespace {

constexpr char fokker_planck_equation[] = "2.6, 2.33a";

std::map<std::string, std::string> attributes(const KolmogorovChoices& choices,
                                              const FokkerPlanckSolution& solution) {
  std::map<std::string, std::string> out = {
      {"solve", "fokker-planck"},
      {"method", name_of(choices.method)},
      {"scheme", choices.scheme.empty() ? schemes(choices.method).front() : choices.scheme},
      {"steps", std::to_string(solution.run.steps.size())}};
  if (choices.method == Method::path_integral) out["order"] = std::to_string(choices.order);
  if (!solution.hermite_centre.empty()) out["centre"] = list_text(solution.hermite_centre);
  if (!solution.hermite_scale.empty()) out["scale"] = list_text(solution.hermite_scale);
  return out;
}

}  // namespace

Group fokker_planck_group(const std::string& name, const Grid& grid, const KolmogorovChoices& choices,
                          const FokkerPlanckSolution& solution) {
  const std::vector<std::string> time = {"t"}, field = dimensions_of(grid);
  const std::string means = choices.method == Method::finite_volume ? ", means over the cells" : "";

  Group group{name, coordinates_of(grid, solution.density.times()), {}, attributes(choices, solution)};
  group.variables.push_back(
      {"density", field, solution.density.values(), "density P" + means, fokker_planck_equation});
  if (solution.log_density.size() > 0)
    group.variables.push_back(
        {"log_density", field, solution.log_density.values(), "ln P", fokker_planck_equation});
  for (std::size_t k = 0; k < solution.score.size(); ++k) {
    const std::string& axis = grid.axis(k).name;
    group.variables.push_back({"score_" + axis, field, solution.score[k].values(), "score, d ln P / d" + axis,
                               fokker_planck_equation});
  }
  group.variables.push_back({"mass", time, solution.mass, "mass, int P dx", fokker_planck_equation});
  group.variables.push_back(
      {"entropy", time, solution.entropy, "entropy, -int P ln P dx", fokker_planck_equation});
  group.variables.push_back({"mass_error",
                             {},
                             {solution.mass_error},
                             "largest |mass + outflow + killed - initial mass|",
                             fokker_planck_equation});
  group.variables.push_back(
      {"minimum", {}, {solution.minimum}, "smallest value of P", fokker_planck_equation});
  add_errors(group, solution.errors, solution.run.error, "relative L1 error of P at the last time",
             fokker_planck_equation);
  if (choices.method == Method::finite_volume) note_cell_means(group, grid, "density");
  return group;
}

}  // namespace umkehr
