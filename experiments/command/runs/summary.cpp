// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/runs/summary.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "experiments/command/runs/swept_summary.hpp"
#include "experiments/text/printable.hpp"
#include "experiments/text/short_number.hpp"
#include "experiments/text/table.hpp"

namespace umkehr {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t max_listed = 1000;
constexpr std::size_t max_on_screen = 6;

std::size_t count_runs_of(const Group& group) {
  std::size_t runs = 1;
  for (const Coordinate& coordinate : group.coordinates)
    if (!coordinate.swept_key.empty()) runs *= coordinate.values.size();
  return runs;
}

/// Neither over time nor in space: a table over numbers of something, over strengths of the noise, or over runs.
bool is_numbered(const Group& group, const Variable& variable) {
  const auto numbers = [&](const std::string& name) {
    const Coordinate& coordinate = *group.coordinate(name);
    return name == "diffusion" || coordinate.is_integer || !coordinate.swept_key.empty();
  };
  return !variable.values.empty() && variable.values.size() <= max_listed * count_runs_of(group) &&
         std::all_of(variable.dimensions.begin(), variable.dimensions.end(), numbers);
}

/// Its scalars, after the first eigenvalues or rates.
std::string answer_of(const Group& group) {
  std::string answer;
  std::size_t shown = 0;
  const auto add = [&](const std::string& text) {
    if (shown++ < max_on_screen) answer += (answer.empty() ? "" : ", ") + text;
  };
  for (const char* name : {"eigenvalue", "rate"}) {
    const Variable* list = group.find(name);
    if (list == nullptr || list->dimensions.size() != 1 || !is_numbered(group, *list)) continue;
    add(name + (" " + short_number(list->values[0])));
    for (std::size_t n = 1; n < list->values.size(); ++n) add(short_number(list->values[n]));
    if (list->values.size() > max_on_screen) answer += ", ...";
    shown = std::min(shown, max_on_screen - 1);
  }
  for (const Variable& variable : group.variables)
    if (variable.dimensions.empty())
      add(variable.name + " " + number_of(variable.name, variable.values.front()));
  return answer.empty() ? "-" : answer;
}

/// Nested lists, one level a dimension.
Json list_of(const Group& group, const Variable& variable, std::size_t axis, std::size_t from) {
  if (axis == variable.dimensions.size()) return variable.values[from];
  const std::size_t length = group.coordinate(variable.dimensions[axis])->values.size();
  Json list = Json::array();
  for (std::size_t i = 0; i < length; ++i)
    list.push_back(list_of(group, variable, axis + 1, from * length + i));
  return list;
}

Json json_of(const Group& group) {
  Json entry = Json::object();
  for (const Coordinate& coordinate : group.coordinates)
    if ((coordinate.name == "diffusion" || coordinate.name == "N") && coordinate.values.size() <= max_listed)
      entry[coordinate.name] = coordinate.values;
  for (const Variable& variable : group.variables)
    if (is_numbered(group, variable)) entry[variable.name] = list_of(group, variable, 0, 0);
  return entry;
}

/// One number of each run, as the runs' variables are nested.
template <class Number>
Json list_of_runs(const Group& group, const std::vector<TaskRun>& runs, const Number& number) {
  Variable variable;
  for (const Coordinate& coordinate : group.coordinates)
    if (!coordinate.swept_key.empty()) variable.dimensions.push_back(coordinate.name);
  for (const TaskRun& run : runs) variable.values.push_back(number(run));
  return list_of(group, variable, 0, 0);
}

Json swept_values(const Group& group) {
  Json values = Json::object();
  for (const Coordinate& coordinate : group.coordinates) {
    if (coordinate.swept_key.empty()) continue;
    if (coordinate.texts.empty())
      values[coordinate.name] = coordinate.values;
    else
      values[coordinate.name] = coordinate.texts;
  }
  return values;
}

void add_runs(const Run& run, std::size_t n, Json& entry) {
  if (run.swept.empty()) {
    entry["steps"] = run.tasks[n].steps;
    entry["refused_steps"] = run.tasks[n].refused;
    entry["seconds"] = run.tasks[n].seconds;
    return;
  }
  const Group& group = run.result.groups[n];
  const auto add = [&](const char* name, const auto& number) {
    entry[name] = list_of_runs(group, run.swept[n], number);
  };
  add("steps", [](const TaskRun& one) { return one.is_solved ? static_cast<double>(one.steps) : NAN; });
  add("refused_steps",
      [](const TaskRun& one) { return one.is_solved ? static_cast<double>(one.refused) : NAN; });
  add("seconds", [](const TaskRun& one) { return one.is_solved ? one.seconds : NAN; });
}

}  // namespace

std::string number_of(const std::string& name, double value) {
  const bool is_error = name == "minimum" || name.ends_with("error") || name.ends_with("difference");
  return is_error ? error_number(value) : short_number(value);
}

void print_summary(const Run& run, std::ostream& out) {
  if (!run.swept.empty()) return print_swept_summary(run, out);
  Table table({"task", "solve", "method", "steps", "seconds", "result"});
  for (std::size_t n = 0; n < run.tasks.size(); ++n) {
    const Group& group = run.result.groups[n];
    table.add({group.name, group.attributes.at("solve"), group.attributes.at("method"),
               std::to_string(run.tasks[n].steps), short_number(run.tasks[n].seconds), answer_of(group)});
  }
  table.print(out);
  for (const Group& group : run.result.groups)
    if (const auto dominant = group.attributes.find("dominant_error"); dominant != group.attributes.end())
      out << group.name << ": the largest error is that " << dominant->second << '\n';
  for (const Failure& failure : run.result.failed)
    out << "failed: " << failure.task << ": " << failure.why << '\n';
}

std::string written_line(const Run& run) {
  return "written: " + printable(run.file.string()) + " (" + short_number(run.seconds) + " s in all)";
}

std::string summary_json(const Run& run) {
  Json tasks = Json::object();
  for (std::size_t n = 0; n < run.result.groups.size(); ++n) {
    const Group& group = run.result.groups[n];
    Json& entry = tasks[group.name] = json_of(group);
    add_runs(run, n, entry);
    entry["warnings"] = group.warnings;
  }
  Json all = {
      {"tasks", tasks}, {"file", run.file.string()}, {"seconds", run.seconds}, {"warnings", run.warnings}};
  if (!run.swept.empty()) all["sweep"] = swept_values(run.result.groups.front());
  for (const Failure& failure : run.result.failed)
    if (run.swept.empty())
      all["failed"][failure.task] = failure.why;
    else
      all["failed"][failure.task].push_back(failure.why);
  return all.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace umkehr
