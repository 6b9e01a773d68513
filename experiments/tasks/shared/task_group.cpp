// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/shared/task_group.hpp"

#include <stdexcept>

#include "experiments/text/short_number.hpp"
#include "experiments/text/toml_text.hpp"

namespace umkehr {
namespace {

std::vector<double> bounds_of(const Axis& axis) {
  const auto edge = [&](std::size_t i) {
    return i == axis.points ? axis.to : axis.from + axis.spacing() * static_cast<double>(i);
  };
  std::vector<double> bounds;
  for (std::size_t i = 0; i < axis.points; ++i) bounds.insert(bounds.end(), {edge(i), edge(i + 1)});
  return bounds;
}

/// With the name of the axis in place of *.
std::string long_name_of(const TaskVariable& entry, const std::string& variable) {
  const std::size_t star = entry.name.ends_with('*') ? entry.long_name.find('*') : std::string::npos;
  if (star == std::string::npos) return entry.long_name;
  return std::string(entry.long_name).replace(star, 1, variable.substr(entry.name.size() - 1));
}

}  // namespace

std::string list_text(const std::vector<double>& numbers) {
  std::string out;
  for (const double x : numbers) out += (out.empty() ? "" : ", ") + write_toml_value(TomlValue::of(x));
  return out;
}

TaskGroup::TaskGroup(const Task& task, Space grid, std::map<std::string, std::string> attributes)
    : kind_(*task.kind), grid_(std::move(grid)), group_{task.name, {}, {}, std::move(attributes)} {
  note("solve", kind_.name);
}

void TaskGroup::note_bases(const std::vector<double>& centre, const std::vector<double>& scale) {
  if (!centre.empty()) note("centre", list_text(centre));
  if (!scale.empty()) note("scale", list_text(scale));
}

void TaskGroup::add_axes() {
  for (const Axis& axis : grid_.axes())
    add_coordinate({axis.name, axis.centres(), "coordinate " + axis.name});
}

void TaskGroup::add_times_and_axes(const std::vector<double>& times) {
  add_coordinate({"t", times, "time t of the process"});
  add_axes();
}

void TaskGroup::add(const std::string& variable, std::vector<std::string> dimensions,
                    std::vector<double> values) {
  const TaskVariable* entry = kind_.find(variable);
  if (entry == nullptr)
    throw std::logic_error("the list of variables of " + kind_.name + " lacks " + variable);
  group_.variables.push_back(
      {variable, std::move(dimensions), std::move(values), long_name_of(*entry, variable), entry->equation});
}

void TaskGroup::add_scalar(const std::string& variable, std::optional<double> value) {
  if (value) add(variable, {}, {*value});
}

void TaskGroup::add_field(const std::string& variable, std::vector<double> values) {
  add(variable, dimensions(), std::move(values));
}

void TaskGroup::add_vector(const std::string& vector, const std::vector<History>& components) {
  for (std::size_t k = 0; k < components.size(); ++k)
    add_field(vector + "_" + grid_.axis(k).name, components[k].values());
}

std::vector<std::string> TaskGroup::dimensions(const std::string& first) const {
  std::vector<std::string> all = {first};
  for (const Axis& axis : grid_.axes()) all.push_back(axis.name);
  return all;
}

void TaskGroup::note_cell_means(const std::string& variable) {
  std::string methods;
  for (const Axis& axis : grid_.axes()) {
    methods += axis.name + ": ";
    for (Coordinate& coordinate : group_.coordinates)
      if (coordinate.name == axis.name) coordinate.bounds = bounds_of(axis);
  }
  for (Variable& one : group_.variables)
    if (one.name == variable) {
      one.cell_methods = methods + "mean";
      one.long_name += ", means over the cells";
    }
}

void TaskGroup::add_errors(const GridErrors& errors, double steps_claim) {
  add_scalar("step_error", errors.steps);
  add_scalar("grid_error", errors.grid);
  if (!errors.grid) return;
  steps_claim = errors.steps.value_or(steps_claim);
  note("dominant_error", *errors.grid > steps_claim
                             ? "of the grid, about " + error_number(*errors.grid) +
                                   "; steps in time add no more than " + error_number(steps_claim)
                             : "of the steps in time, at most " + error_number(steps_claim) +
                                   "; the grid's is about " + error_number(*errors.grid));
}

SolvedTask TaskGroup::solved(double seconds, std::vector<std::string> warnings, std::size_t steps,
                             std::size_t refused) {
  group_.warnings = warnings;
  return {std::move(group_), steps, refused, seconds, std::move(warnings)};
}

}  // namespace umkehr
