// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/shared/kolmogorov_choices.hpp"

#include "experiments/tasks/shared/task_cost.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"

namespace umkehr {
namespace {

constexpr double a_step = 2 * 3 * sizeof(double);  // of the list of steps, which grows by doubling

const std::vector<std::string>& method_names() {
  static const std::vector<std::string> names = {"finite-volume", "fourier", "hermite", "path-integral"};
  return names;
}

/// Finite volumes follow their grid where nothing else is asked for.
void read_steps(TaskReader& in, KolmogorovChoices& choices) {
  const std::vector<std::string> words = {"grid"};
  choices.estimates_errors = choices.method == Method::finite_volume;
  if (choices.estimates_errors && !in.section.has("dt")) {
    const TomlValue& tolerance = in.section.with_default("tolerance", TomlValue::of(words.front()));
    choices.follows_grid = tolerance.is(TomlValue::Kind::string);
    choices.estimates_errors = choices.follows_grid;
    if (choices.follows_grid) {
      read_choice(tolerance, "tolerance", words);
      return;
    }
  }
  in.step_control(choices.tolerance, choices.step);
}

}  // namespace

std::string name_of(Method method) {
  return method_names()[static_cast<std::size_t>(method)];
}

TaskKeys kolmogorov_keys() {
  using enum TaskKey::Type;
  return TaskKeys{{"method", word, "how space is discretised", {}, {}, {}, method_names()},
                  {"scheme", other, "the scheme in time, one of the method's"},
                  {"order", count, "the order in the step", "of path integrals, 1 or 2", count_range(1, 2),
                   usual_count(2)}} +
         step_keys() + hermite_keys();
}

KolmogorovChoices read_kolmogorov_choices(TaskReader& in) {
  KolmogorovChoices choices;
  choices.method = in.choice("method", Method::finite_volume);
  const std::vector<std::string> known = schemes(choices.method);
  choices.scheme =
      read_choice(in.section.with_default("scheme", TomlValue::of(known.front())), "scheme", known);
  if (choices.method == Method::path_integral) choices.order = static_cast<int>(in.count("order"));
  read_steps(in, choices);
  if (choices.method == Method::hermite) in.hermite_bases(choices.hermite_centre, choices.hermite_scale);
  return choices;
}

std::string control_text(const KolmogorovChoices& choices) {
  return choices.follows_grid && !choices.step ? "tolerance from the grid"
                                               : control_text(choices.step, choices.tolerance);
}

void note_kolmogorov(const KolmogorovChoices& choices, const Marched& run, TaskGroup& group) {
  group.note("method", name_of(choices.method));
  group.note("scheme", choices.scheme);
  group.note("steps", std::to_string(run.steps.size()));
  if (choices.method == Method::path_integral) group.note("order", std::to_string(choices.order));
}

double kolmogorov_memory(const Problem& problem, const KolmogorovChoices& choices) {
  const double steps = choices.step ? march_cost(problem, choices).steps * a_step : 0;
  return steps + static_cast<double>(estimate_memory(problem.grid, problem.times.size(), choices));
}

}  // namespace umkehr
