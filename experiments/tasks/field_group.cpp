// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/field_group.hpp"

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

}  // namespace

std::vector<Coordinate> coordinates_of(const Grid& grid, const std::vector<double>& times) {
  std::vector<Coordinate> all = {{"t", times, "time t of the process"}};
  for (const Axis& axis : grid.axes()) all.push_back({axis.name, axis.centres(), "coordinate " + axis.name});
  return all;
}

std::vector<std::string> dimensions_of(const Grid& grid, const std::string& first) {
  std::vector<std::string> all = {first};
  for (const Axis& axis : grid.axes()) all.push_back(axis.name);
  return all;
}

void note_cell_means(Group& group, const Grid& grid, const std::string& variable) {
  std::string methods;
  for (const Axis& axis : grid.axes()) {
    methods += axis.name + ": ";
    for (Coordinate& coordinate : group.coordinates)
      if (coordinate.name == axis.name) coordinate.bounds = bounds_of(axis);
  }
  for (Variable& one : group.variables)
    if (one.name == variable) one.cell_methods = methods + "mean";
}

void add_errors(Group& group, const GridErrors& errors, double steps_claim, const std::string& meaning,
                const std::string& equation) {
  const auto add = [&](const char* name, double value, const std::string& whose) {
    group.variables.push_back({name, {}, {value}, meaning + " " + whose + ", estimated", equation});
  };
  if (errors.steps) add("step_error", *errors.steps, "by the steps in time");
  if (!errors.grid) return;
  add("grid_error", *errors.grid, "by the cells");
  steps_claim = errors.steps.value_or(steps_claim);
  group.attributes["dominant_error"] =
      *errors.grid > steps_claim ? "of the grid, about " + error_number(*errors.grid) +
                                       "; steps in time add no more than " + error_number(steps_claim)
                                 : "of the steps in time, at most " + error_number(steps_claim) +
                                       "; the grid's is about " + error_number(*errors.grid);
}

std::string list_text(const std::vector<double>& numbers) {
  std::string out;
  for (const double x : numbers) out += (out.empty() ? "" : ", ") + write_toml_value(TomlValue::of(x));
  return out;
}

}  // namespace umkehr
