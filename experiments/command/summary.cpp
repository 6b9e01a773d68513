// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/summary.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "experiments/text/printable.hpp"
#include "experiments/text/short_number.hpp"
#include "experiments/text/table.hpp"

namespace umkehr {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_listed = 1000;
constexpr std::size_t most_on_screen = 6;

bool is_error(const std::string& name) {
  return name == "minimum" || name.ends_with("error") || name.ends_with("difference");
}

std::string number_of(const std::string& name, double value) {
  return is_error(name) ? error_number(value) : short_number(value);
}

/// Neither over time nor in space: a table over numbers of something, or over strengths of the noise.
bool is_numbered(const Group& group, const Variable& variable) {
  const auto numbers = [&](const std::string& name) {
    return name == "diffusion" || group.coordinate(name)->is_integer;
  };
  return !variable.values.empty() && variable.values.size() <= most_listed &&
         std::all_of(variable.dimensions.begin(), variable.dimensions.end(), numbers);
}

/// Its scalars, after the first eigenvalues or rates.
std::string answer_of(const Group& group) {
  std::string answer;
  std::size_t shown = 0;
  const auto add = [&](const std::string& text) {
    if (shown++ < most_on_screen) answer += (answer.empty() ? "" : ", ") + text;
  };
  for (const char* name : {"eigenvalue", "rate"}) {
    const Variable* list = group.find(name);
    if (list == nullptr || list->dimensions.size() != 1 || !is_numbered(group, *list)) continue;
    add(name + (" " + short_number(list->values[0])));
    for (std::size_t n = 1; n < list->values.size(); ++n) add(short_number(list->values[n]));
    if (list->values.size() > most_on_screen) answer += ", ...";
    shown = std::min(shown, most_on_screen - 1);
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
    if ((coordinate.name == "diffusion" || coordinate.name == "N") && coordinate.values.size() <= most_listed)
      entry[coordinate.name] = coordinate.values;
  for (const Variable& variable : group.variables)
    if (is_numbered(group, variable)) entry[variable.name] = list_of(group, variable, 0, 0);
  return entry;
}

}  // namespace

void print_summary(const Run& run, std::ostream& out) {
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
  for (std::size_t n = 0; n < run.tasks.size(); ++n) {
    const Group& group = run.result.groups[n];
    Json& entry = tasks[group.name] = json_of(group);
    entry["steps"] = run.tasks[n].steps;
    entry["refused_steps"] = run.tasks[n].refused;
    entry["seconds"] = run.tasks[n].seconds;
    entry["warnings"] = group.warnings;
  }
  Json all = {
      {"tasks", tasks}, {"file", run.file.string()}, {"seconds", run.seconds}, {"warnings", run.warnings}};
  for (const Failure& failure : run.result.failed) all["failed"][failure.task] = failure.why;
  return all.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace umkehr
