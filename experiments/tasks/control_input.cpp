// SPDX-License-Identifier: GPL-3.0-or-later
// The tasks "spectrum", "hjb" and "most-probable-path".
#include <algorithm>
#include <functional>

#include "experiments/tasks/method_names.hpp"
#include "experiments/tasks/task_input.hpp"

namespace umkehr {
namespace {

constexpr std::size_t most_eigenvalues = 1000, most_path_points = 100'000;

template <class Method>
Method read_method_of(Section& section, const std::vector<std::string>& methods, Method usual) {
  const TomlValue& value =
      section.with_default("method", TomlValue::of(methods[static_cast<std::size_t>(usual)]));
  const std::string name = read_choice(value, "method", methods);
  return static_cast<Method>(std::find(methods.begin(), methods.end(), name) - methods.begin());
}

int read_order(Section& section) {
  const TomlValue& value = section.with_default("order", TomlValue::of(std::int64_t{2}));
  const std::size_t order = read_count(value, "order", 2, 4);
  if (order == 3) refuse(value, "order", "is not allowed; 2 or 4 is");
  return static_cast<int>(order);
}

std::vector<double> read_path_end(Section& section, const char* key, const TaskInput& input,
                                  const char* meaning) {
  const TomlValue& value = section.require(key, meaning);
  const Grid& grid = input.laws.grid;
  const std::vector<double> point = read_numbers(value, key, grid.dimension());
  for (std::size_t k = 0; k < point.size(); ++k) {
    const Axis& axis = grid.axis(k);
    if (point[k] < axis.from || point[k] > axis.to)
      refuse(value, key, "lies outside the axis " + axis.name + "; widen it or move the point");
  }
  return point;
}

}  // namespace

std::string name_of(SpectrumMethod method) {
  return method_names::spectrum[static_cast<std::size_t>(method)];
}

std::string name_of(HjbMethod method) {
  return method_names::hjb[static_cast<std::size_t>(method)];
}

SpectrumTask read_spectrum(Section& section, const TaskInput& input) {
  const Grid& grid = input.laws.grid;
  SpectrumTask task;
  SpectrumChoices& choices = task.choices;
  choices.method = read_method_of(section, method_names::spectrum,
                                  usual_spectrum_method(input.process.process, grid, input.times.start));
  choices.count = read_count(section.with_default("count", TomlValue::of(std::int64_t{6})), "count", 1,
                             std::min(most_eigenvalues, grid.size() - 2));
  if (const TomlValue* diffusion = section.find("diffusion")) {
    task.diffusion = read_numbers(*diffusion, "diffusion", 0, {0, 1e100, false, true});
    if (!std::is_sorted(task.diffusion.begin(), task.diffusion.end(), std::less_equal<>()) ||
        task.diffusion.empty() || task.diffusion.size() > most_eigenvalues)
      refuse(*diffusion, "diffusion", "is not a list of 1 to 1000 ascending numbers");
  }
  if (choices.method == SpectrumMethod::hermite) {
    choices.hermite_centre =
        read_one_an_axis(section, "centre", grid.dimension(), {-1e100, 1e100, true, true});
    choices.hermite_scale = read_one_an_axis(section, "scale", grid.dimension(), {0, 1e100, false, true});
  }
  return task;
}

HjbTask read_hjb(Section& section, const TaskInput& input) {
  HjbChoices choices;
  choices.method =
      read_method_of(section, method_names::hjb,
                     usual_hjb_method(input.process.process, input.laws.grid, input.times.start));
  if (choices.method == HjbMethod::finite_difference) choices.order = read_order(section);
  read_step_control(section, input.times, choices.tolerance, choices.step);
  HjbTask task{read_terminal(section, input, "lambda at stop, a formula"), choices, {}};
  if (TomlValue* initial = section.find("initial")) task.initial = read_law(*initial, "initial", input.laws);
  return task;
}

MostProbablePathTask read_most_probable_path(Section& section, const TaskInput& input) {
  MostProbablePathTask task;
  task.from = read_path_end(section, "from", input, "where the path starts, a list of one number an axis");
  task.to = read_path_end(section, "to", input, "where it ends, a list of one number an axis");
  task.points = read_count(section.with_default("points", TomlValue::of(std::int64_t{201})), "points", 5,
                           most_path_points);
  return task;
}

}  // namespace umkehr
