// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/task_input.hpp"

#include <algorithm>
#include <array>

#include "experiments/input/names.hpp"
#include "experiments/input/nearest.hpp"
#include "experiments/input/reading.hpp"

namespace umkehr {
namespace {

constexpr std::size_t most_tasks = 100;
constexpr double most_steps = 1e9;

const std::vector<std::string> kinds = {"fokker-planck", "backward-kolmogorov", "spectrum",
                                        "hjb",           "schroedinger-bridge", "reverse-diffusion",
                                        "cells",         "action-gap",          "particles",
                                        "learned-score"};
const std::vector<std::string> methods = {"finite-volume", "fourier", "hermite", "path-integral"};

void read_kind(Section& section) {
  const TomlValue& solve = section.require("solve", "what to solve, such as \"fokker-planck\"");
  if (read_choice(solve, "solve", kinds) != "fokker-planck")
    refuse(solve, "solve", "is not in this version, which solves \"fokker-planck\"");
}

Method read_method(const TomlValue& value) {
  const std::string name = read_choice(value, "method", methods);
  if (name == "path-integral")
    refuse(value, "method", "is not in this version; take \"finite-volume\", \"fourier\" or \"hermite\"");
  return name == "fourier" ? Method::fourier : name == "hermite" ? Method::hermite : Method::finite_volume;
}

std::vector<double> one_an_axis(const TomlValue* value, const char* key, std::size_t dimension,
                                const Range& range) {
  if (!value) return {};
  if (value->is(TomlValue::Kind::array)) return read_numbers(*value, key, dimension, range);
  return std::vector<double>(dimension, read_number(*value, key, range));
}

std::string read_name(Section& section, const std::vector<FokkerPlanckTask>& before) {
  const TomlValue& value = section.with_default("name", TomlValue::of(kinds[0]));
  const std::string& name = read_string(value, "name");
  if (!is_name(name) && name != kinds[0])
    refuse(value, "name", "is not a name; use a letter, then letters, digits and _, 64 at most");
  if (std::any_of(before.begin(), before.end(), [&](const auto& task) { return task.name == name; }))
    refuse(value, "name", "is the name of an earlier task; give each task a name of its own");
  return name;
}

double read_step(const TomlValue& value, const Times& times) {
  const double length = times.stop - times.start;
  const double step = read_number(value, "dt", {0, length, false, true});
  if (length / step > most_steps) refuse(value, "dt", "makes more than 1e9 steps; take a longer step");
  return step;
}

KolmogorovChoices read_choices(Section& section, std::size_t dimension, const Times& times) {
  KolmogorovChoices choices;
  choices.method = read_method(section.with_default("method", TomlValue::of(std::string("finite-volume"))));
  const std::vector<std::string> known = schemes(choices.method);
  choices.scheme = read_choice(section.with_default("scheme", TomlValue::of(known.front())), "scheme", known);
  if (const TomlValue* dt = section.find("dt")) choices.step = read_step(*dt, times);
  if (const TomlValue* tolerance = choices.step
                                       ? section.find("tolerance")
                                       : &section.with_default("tolerance", TomlValue::of(choices.tolerance)))
    choices.tolerance = read_number(*tolerance, "tolerance", {0, 1, false, false});
  if (choices.method == Method::hermite) {
    choices.hermite_centre =
        one_an_axis(section.find("centre"), "centre", dimension, {-1e100, 1e100, true, true});
    choices.hermite_scale = one_an_axis(section.find("scale"), "scale", dimension, {0, 1e100, false, true});
  }
  return choices;
}

FokkerPlanckTask read_task(TomlValue& table, const LawInput& input, const Times& times,
                           const std::vector<FokkerPlanckTask>& before) {
  Section section(table, "[[task]]");
  FokkerPlanckTask task;
  section.find("name");
  read_kind(section);
  task.name = read_name(section, before);
  task.choices = read_choices(section, input.grid.dimension(), times);
  task.initial = read_law(section.require("initial", "the density at the start"), "initial", input);
  section.finish();
  return task;
}

}  // namespace

std::string name_of(Method method) {
  return methods[method == Method::finite_volume ? 0 : method == Method::fourier ? 1 : 2];
}

std::vector<FokkerPlanckTask> read_tasks(TomlValue& tables, const LawInput& input, const Times& times) {
  if (!tables.is(TomlValue::Kind::array)) refuse(tables, "task", "is not a list of tables; write [[task]]");
  read_list(tables, "task", 1, most_tasks);
  std::vector<FokkerPlanckTask> tasks;
  for (TomlValue& table : tables.elements) tasks.push_back(read_task(table, input, times, tasks));
  return tasks;
}

}  // namespace umkehr
