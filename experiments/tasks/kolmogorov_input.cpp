// SPDX-License-Identifier: GPL-3.0-or-later
// The tasks "fokker-planck" and "backward-kolmogorov".
#include <algorithm>

#include "experiments/tasks/method_names.hpp"
#include "experiments/tasks/task_input.hpp"
#include "solver/kolmogorov/usual_choice.hpp"

namespace umkehr {
namespace {

const std::vector<std::string>& methods = method_names::kolmogorov;

Method read_method(const TomlValue& value) {
  const std::string name = read_choice(value, "method", methods);
  return static_cast<Method>(std::find(methods.begin(), methods.end(), name) - methods.begin());
}

/// Finite volumes follow their grid where nothing else is asked for.
void read_steps(Section& section, const TaskInput& input, KolmogorovChoices& choices) {
  const std::vector<std::string> words = {"grid"};
  choices.estimates_errors = choices.method == Method::finite_volume;
  if (choices.estimates_errors && !section.has("dt")) {
    const TomlValue& tolerance = section.with_default("tolerance", TomlValue::of(words.front()));
    choices.follows_grid = tolerance.is(TomlValue::Kind::string);
    choices.estimates_errors = choices.follows_grid;
    if (choices.follows_grid) {
      read_choice(tolerance, "tolerance", words);
      return;
    }
  }
  read_step_control(section, input.times, choices.tolerance, choices.step);
}

KolmogorovChoices read_choices(Section& section, const TaskInput& input) {
  KolmogorovChoices choices;
  choices.method = read_method(section.with_default("method", TomlValue::of(methods[0])));
  const std::vector<std::string> known = schemes(choices.method);
  choices.scheme = read_choice(section.with_default("scheme", TomlValue::of(known.front())), "scheme", known);
  if (choices.method == Method::path_integral)
    choices.order = static_cast<int>(
        read_count(section.with_default("order", TomlValue::of(std::int64_t{2})), "order", 1, 2));
  read_steps(section, input, choices);
  read_hermite_bases(section, input, choices);
  return choices;
}

/// Method and scheme where the experiment names none, and why these. Where it says how steps are chosen it wants steps.
std::string fill_in_usual(Section& section, const TaskInput& input, const Law& initial) {
  const auto choose = [&](const auto& usual) {
    return usual(input.process.process, input.laws.grid, initial, input.times.start, input.times.stop);
  };
  const bool is_built_on = input.built_on.contains(section.find("name")->string);
  if (is_built_on || section.has("scheme") || section.has("dt") || section.has("tolerance")) return "";
  if (section.has("method")) {
    const TomlValue& method = *section.find("method");
    if (!method.is(TomlValue::Kind::string) || method.string != name_of(Method::fourier)) return "";
    const UsualChoice chosen = choose(usual_fourier_choice);
    section.with_default("scheme", TomlValue::of(chosen.scheme));
    return chosen.reason;
  }
  const UsualChoice chosen = choose(usual_choice);
  section.with_default("method", TomlValue::of(name_of(chosen.method)));
  section.with_default("scheme", TomlValue::of(chosen.scheme));
  return chosen.reason;
}

/// The choices of the task that `of` names, which this one takes over.
KolmogorovChoices replayed(Section& section, const TomlValue& of, const TaskInput& input) {
  const FokkerPlanckTask& forward = read_forward_task(of, input);
  const TomlValue& method = section.with_default("method", TomlValue::of(name_of(forward.choices.method)));
  if (read_method(method) != forward.choices.method)
    refuse(method, "method", "is not that of the task it replays, " + name_of(forward.choices.method));
  for (const char* key : {"scheme", "order", "tolerance", "dt", "centre", "scale"})
    if (section.has(key))
      refuse(*section.find(key), key,
             "cannot be chosen beside \"of\", which replays the steps of " + of.string);
  return forward.choices;
}

}  // namespace

std::string name_of(Method method) {
  return methods[static_cast<std::size_t>(method)];
}

void read_hermite_bases(Section& section, const TaskInput& input, KolmogorovChoices& choices) {
  if (choices.method != Method::hermite) return;
  const std::size_t dimension = input.laws.grid.dimension();
  choices.hermite_centre = read_one_an_axis(section, "centre", dimension, {-1e100, 1e100, true, true});
  choices.hermite_scale = read_one_an_axis(section, "scale", dimension, {0, 1e100, false, true});
}

const FokkerPlanckTask& read_forward_task(const TomlValue& of, const TaskInput& input) {
  const std::string& name = read_string(of, "of");
  const auto task = std::find_if(input.before.begin(), input.before.end(),
                                 [&](const Task& earlier) { return earlier.name == name; });
  const FokkerPlanckTask* forward =
      task == input.before.end() ? nullptr : std::get_if<FokkerPlanckTask>(&task->problem);
  if (forward) return *forward;
  std::string allowed;
  for (const Task& earlier : input.before)
    if (std::holds_alternative<FokkerPlanckTask>(earlier.problem))
      allowed += (allowed.empty() ? "" : ", ") + earlier.name;
  refuse(of, "of",
         "is no earlier task that solves \"fokker-planck\"; " +
             (allowed.empty() ? "there is none before this one" : "there is " + allowed));
}

FokkerPlanckTask read_fokker_planck(Section& section, const TaskInput& input) {
  FokkerPlanckTask task;
  task.initial = read_law(section.require("initial", "the density at the start"), "initial", input.laws);
  task.reason = fill_in_usual(section, input, task.initial);
  task.choices = read_choices(section, input);
  return task;
}

BackwardKolmogorovTask read_backward_kolmogorov(Section& section, const TaskInput& input) {
  const TomlValue* of = section.find("of");
  KolmogorovChoices choices = of ? replayed(section, *of, input) : read_choices(section, input);
  return {read_terminal(section, input, "the value J at stop, a formula"), of ? of->string : "",
          std::move(choices)};
}

}  // namespace umkehr
