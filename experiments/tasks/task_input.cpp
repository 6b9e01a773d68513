// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/task_input.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "experiments/input/grid_sample.hpp"
#include "experiments/input/names.hpp"
#include "experiments/tasks/task_kinds.hpp"
#include "experiments/text/nearest.hpp"
#include "experiments/text/short_number.hpp"

namespace umkehr {
namespace {

constexpr std::size_t most_tasks = 100;
constexpr double most_steps = 1e9;

std::string read_kind(Section& section) {
  return read_choice(section.require("solve", "what to solve, such as \"fokker-planck\""), "solve",
                     task_kind_names());
}

const TaskKind& kind_named(const std::string& name) {
  const auto& kinds = task_kinds();
  return *std::find_if(kinds.begin(), kinds.end(), [&](const TaskKind& kind) { return kind.name == name; });
}

/// Help says what keys there are, so none may be read that the table lacks.
void check_keys(const Section& section, const TaskKind& kind) {
  for (const std::string& key : section.asked())
    if (key != "name" && key != "solve" && key != "write" &&
        std::none_of(kind.keys.begin(), kind.keys.end(),
                     [&](const TaskKey& known) { return known.name == key; }))
      throw std::logic_error("the table of tasks lacks the key " + key + " of " + kind.name);
}

std::string read_name(Section& section, const std::string& kind, const std::vector<Task>& before) {
  const TomlValue& value = section.with_default("name", TomlValue::of(kind));
  const std::string& name = read_string(value, "name");
  if (!is_name(name) && name != kind)
    refuse(value, "name", "is not a name; use a letter, then letters, digits and _, 64 at most");
  if (std::any_of(before.begin(), before.end(), [&](const Task& task) { return task.name == name; }))
    refuse(value, "name", "is the name of an earlier task; give each task a name of its own");
  return name;
}

/// "score" stands for all components of a vector.
std::string vector_name(const std::string& pattern) {
  return pattern.ends_with("_*") ? pattern.substr(0, pattern.size() - 2) : std::string();
}

std::vector<std::string> names_written_by(const TaskKind& kind, const Grid& grid) {
  std::vector<std::string> names;
  for (const std::string& pattern : kind.writes) {
    const std::string vector = vector_name(pattern);
    names.push_back(vector.empty() ? pattern : vector);
    if (vector.empty()) continue;
    for (const Axis& axis : grid.axes()) names.push_back(vector + "_" + axis.name);
  }
  return names;
}

std::vector<std::string> read_write(Section& section, const TaskKind& kind, const Grid& grid) {
  constexpr std::size_t most = 100;
  const TomlValue* value = section.find("write");
  if (!value) return {};
  if (!value->is(TomlValue::Kind::array))
    refuse(*value, "write", "is not a list of names, such as [\"" + kind.writes.front() + "\"]");
  const std::vector<std::string> known = names_written_by(kind, grid);
  std::vector<std::string> names;
  for (const TomlValue& name : read_list(*value, "write", 1, most)) {
    if (std::find(known.begin(), known.end(), read_string(name, "write")) == known.end())
      refuse(name, "write",
             "is nothing that a task " + kind.name + " writes; " +
                 suggestion(read_string(name, "write"), known));
    names.push_back(read_string(name, "write"));
  }
  return names;
}

Task read_task(TomlValue& table, const TaskInput& input) {
  Section section(table, "[[task]]");
  section.find("name");
  const std::string kind = read_kind(section);
  Task task{read_name(section, kind, input.before), SpectrumTask{}};
  task.problem = kind_named(kind).read(section, input);
  task.place = table.place.text();
  task.write = read_write(section, kind_named(kind), input.laws.grid);
  check_keys(section, kind_named(kind));
  section.finish();
  return task;
}

double read_step(const TomlValue& value, const Times& times) {
  const double length = times.stop - times.start;
  const double step = read_number(value, "dt", {0, length, false, true});
  if (length / step > most_steps) refuse(value, "dt", "makes more than 1e9 steps; take a longer step");
  return step;
}

}  // namespace

bool Task::is_written(const std::string& variable) const {
  return write.empty() || std::any_of(write.begin(), write.end(), [&](const std::string& one) {
           return one == variable || (variable.starts_with(one + "_") && !writes(kind_of(*this), one));
         });
}

void read_step_control(Section& section, const Times& times, double& tolerance, std::optional<double>& step) {
  if (const TomlValue* dt = section.find("dt")) step = read_step(*dt, times);
  const TomlValue* value =
      step ? section.find("tolerance") : &section.with_default("tolerance", TomlValue::of(tolerance));
  if (value) tolerance = read_number(*value, "tolerance", any_tolerance);
}

std::vector<double> read_one_an_axis(Section& section, const char* key, std::size_t dimension,
                                     const Range& range) {
  const TomlValue* value = section.find(key);
  if (!value) return {};
  if (value->is(TomlValue::Kind::array)) return read_numbers(*value, key, dimension, range);
  return std::vector<double>(dimension, read_number(*value, key, range));
}

Formula read_terminal(Section& section, const TaskInput& input, std::string_view meaning) {
  const TomlValue& value = section.require("terminal", meaning);
  Formula terminal = input.laws.formulas.read(value, "terminal");
  if (const auto point = extremes(terminal, input.times.stop, input.laws.grid).where_not_finite)
    refuse(value, "terminal",
           "is not finite at " + *point + ", t = " + short_number(input.times.stop) +
               "; it must be finite on the whole grid");
  return terminal;
}

std::vector<Task> read_tasks(TomlValue& tables, const WrittenProcess& process, const LawInput& laws,
                             const Times& times) {
  if (!tables.is(TomlValue::Kind::array)) refuse(tables, "task", "is not a list of tables; write [[task]]");
  read_list(tables, "task", 1, most_tasks);
  std::vector<Task> tasks;
  std::set<std::string> built_on;
  for (TomlValue& table : tables.elements)
    if (const TomlEntry* of = table.find("of"); of && of->value.is(TomlValue::Kind::string))
      built_on.insert(of->value.string);
  for (TomlValue& table : tables.elements)
    tasks.push_back(read_task(table, {process, laws, times, tasks, built_on}));
  return tasks;
}

}  // namespace umkehr
