// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/read_tasks.hpp"

#include <algorithm>

#include "experiments/input/names.hpp"
#include "experiments/tasks/registry.hpp"
#include "experiments/text/nearest.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_tasks = 100;

/// Help says what keys there are, so none may be read that the list lacks.
void check_keys(const Section& section, const TaskReader& in) {
  for (const std::string& key : section.asked())
    if (key != "name" && key != "solve" && key != "write") in.known(key);
}

std::string read_name(Section& section, const std::string& kind, const TaskInput& input) {
  const TomlValue& value = section.with_default("name", TomlValue::of(kind));
  const std::string& name = read_string(value, "name");
  if (!is_name(name) && name != kind)
    refuse(value, "name", "is not a name; use a letter, then letters, digits and _, 64 at most");
  if (std::any_of(input.before.begin(), input.before.end(),
                  [&](const auto& task) { return task->name == name; }))
    refuse(value, "name", "is the name of an earlier task; give each task a name of its own");
  return name;
}

/// "score" stands for all components of a vector "score_*".
std::vector<std::string> names_written_by(const TaskKind& kind, const Space& grid) {
  std::vector<std::string> names;
  for (const TaskVariable& variable : kind.writes) {
    const bool is_vector = variable.name.ends_with("_*");
    names.push_back(is_vector ? variable.name.substr(0, variable.name.size() - 2) : variable.name);
    if (!is_vector) continue;
    const std::string vector = names.back();
    for (const std::string& coordinate : grid.names()) names.push_back(vector + "_" + coordinate);
  }
  return names;
}

std::vector<std::string> read_write(Section& section, const TaskKind& kind, const Space& grid) {
  constexpr std::size_t most = 100;
  const TomlValue* value = section.find("write");
  if (!value) return {};
  if (!value->is(TomlValue::Kind::array))
    refuse(*value, "write", "is not a list of names, such as [\"" + kind.writes.front().name + "\"]");
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

void refuse_without_cells(const TomlValue& solve) {
  std::string allowed;
  for (const TaskKind& kind : task_kinds())
    if (!kind.needs_grid) allowed += (allowed.empty() ? "" : ", ") + kind.name;
  refuse(solve, "solve", "needs the cells of [[axis]]; in a [space] without cells there are " + allowed);
}

std::shared_ptr<const Task> read_task(TomlValue& table, const TaskInput& input) {
  Section section(table, "[[task]]");
  section.find("name");
  const TomlValue& solve = section.require("solve", "what to solve, such as \"fokker-planck\"");
  const TaskKind& kind = task_kind(read_choice(solve, "solve", task_kind_names()));
  if (kind.needs_grid && !input.laws.grid.has_grid()) refuse_without_cells(solve);
  const std::string name = read_name(section, kind.name, input);
  TaskReader in(section, kind, input);
  std::unique_ptr<Task> task = kind.read(in);
  task->kind = &kind;
  task->name = name;
  task->place = table.place.text();
  task->write = read_write(section, kind, input.laws.grid);
  check_keys(section, in);
  section.finish();
  return task;
}

}  // namespace

std::vector<std::shared_ptr<const Task>> read_tasks(TomlValue& tables, const WrittenProcess& process,
                                                    const LawInput& laws, const Times& times) {
  if (!tables.is(TomlValue::Kind::array)) refuse(tables, "task", "is not a list of tables; write [[task]]");
  read_list(tables, "task", 1, max_tasks);
  std::vector<std::shared_ptr<const Task>> tasks;
  std::set<std::string> built_on;
  for (TomlValue& table : tables.elements)
    if (const TomlEntry* of = table.find("of"); of && of->value.is(TomlValue::Kind::string))
      built_on.insert(of->value.string);
  for (TomlValue& table : tables.elements)
    tasks.push_back(read_task(table, {process, laws, times, tasks, built_on}));
  return tasks;
}

bool need_process(const TomlValue& tables) {
  return !tables.is(TomlValue::Kind::array) || tables.elements.empty() ||
         std::any_of(tables.elements.begin(), tables.elements.end(), [](TomlValue table) {
           const TomlEntry* solve = table.is(TomlValue::Kind::table) ? table.find("solve") : nullptr;
           const auto& kinds = task_kinds();
           return solve == nullptr || std::none_of(kinds.begin(), kinds.end(), [&](const TaskKind& kind) {
                    return !kind.needs_process && kind.name == solve->value.string;
                  });
         });
}

}  // namespace umkehr
