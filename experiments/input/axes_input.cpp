// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/axes_input.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "experiments/input/reading.hpp"
#include "experiments/text/nearest.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_points_of_axis = std::size_t{1} << 24;  // of an axis
constexpr std::size_t max_dimension = 1000;                       // of a space without a grid
constexpr std::size_t max_grid_cells = std::size_t{1} << 28;      // of a grid: 2 GiB a field

Boundary read_boundary(const TomlValue& value) {
  const std::string name = read_choice(value, "boundary", {"reflecting", "absorbing", "periodic"});
  return name == "reflecting"  ? Boundary::reflecting
         : name == "absorbing" ? Boundary::absorbing
                               : Boundary::periodic;
}

/// Refuses axes that make too many cells in all, `points` the last of them.
void check_cells(const std::vector<Axis>& axes, const TomlValue& points) {
  std::size_t cells = 1;
  for (const Axis& axis : axes) {
    cells *= axis.points;  // at most (2^24)^2 before it is refused
    if (cells > max_grid_cells)
      refuse(points, "points",
             "makes " + std::to_string(cells) + " cells in all; at most " + std::to_string(max_grid_cells));
  }
}

std::string read_axis_name(Section& section, const std::vector<std::string>& taken,
                           const IsWritten& is_written) {
  static const std::array usual = {"x", "y", "z"};
  const TomlValue& value = section.with_default("name", TomlValue::of(std::string(usual[taken.size()])));
  const std::string name = read_string(value, "name");
  check_name(name, value.place, taken, is_written);
  return name;
}

/// from, to and points.
Axis read_cells(Section& section, std::string name) {
  Axis axis;
  axis.name = std::move(name);
  axis.from = read_number(section.require("from", "the coordinate of the lower wall"), "from", any_number);
  const TomlValue& to = section.require("to", "the coordinate of the upper wall");
  axis.to = read_number(to, "to", any_number);
  if (!(axis.to > axis.from)) refuse(to, "to", "is not above \"from\"; give a larger number");
  const TomlValue& points = section.require("points", "the number of cells");
  axis.points = read_count(points, "points", 2, max_points_of_axis);
  if (!(axis.from + axis.spacing() > axis.from && axis.to - axis.spacing() < axis.to))
    refuse(points, "points",
           "makes cells too narrow for their coordinates; take fewer points or a longer axis");
  return axis;
}

Axis read_axis(TomlValue& table, const std::vector<std::string>& taken, const IsWritten& is_written) {
  Section section(table, "[[axis]]");
  Axis axis = read_cells(section, read_axis_name(section, taken, is_written));
  axis.boundary = read_boundary(section.with_default("boundary", TomlValue::of(std::string("reflecting"))));
  section.finish();
  return axis;
}

std::vector<std::string> numbered_names(const TomlValue& dimension) {
  const std::size_t count = read_count(dimension, "dimension", 1, max_dimension);
  std::vector<std::string> names;
  for (std::size_t k = 1; k <= count; ++k) names.push_back("x" + std::to_string(k));
  return names;
}

std::vector<std::string> given_names(const TomlValue& list, const IsWritten& is_written) {
  if (!list.is(TomlValue::Kind::array))
    refuse(list, "names", "is not a list of names, such as [\"q\", \"p\"]");
  std::vector<std::string> names;
  for (const TomlValue& value : read_list(list, "names", 1, max_dimension)) {
    const std::string& name = read_string(value, "names");
    check_name(name, value.place, names, is_written);
    names.push_back(name);
  }
  return names;
}

}  // namespace

std::vector<std::string> read_space(TomlValue& table, const IsWritten& is_written) {
  Section section(table, "[space]");
  const TomlValue *dimension = section.find("dimension"), *list = section.find("names");
  section.refuse_unknown();
  if (dimension && list) refuse(*dimension, "dimension", "stands beside names; give one of the two");
  if (!dimension && !list)
    section.refuse_whole("has no coordinates; give dimension = 10, or names = [\"q\", \"p\"]");
  std::vector<std::string> names = list ? given_names(*list, is_written) : numbered_names(*dimension);
  section.finish();
  return names;
}

Grid read_axes(TomlValue& tables, const IsWritten& is_written) {
  if (!tables.is(TomlValue::Kind::array)) refuse(tables, "axis", "is not a list of tables; write [[axis]]");
  read_list(tables, "axis", 1, 3);
  std::vector<Axis> axes;
  std::vector<std::string> taken;
  for (TomlValue& table : tables.elements) {
    axes.push_back(read_axis(table, taken, is_written));
    taken.push_back(axes.back().name);
    check_cells(axes, table.find("points")->value);
  }
  return Grid(std::move(axes));
}

Bins read_bins(TomlValue& tables, const std::vector<std::string>& names) {
  constexpr char form[] = "{ x1 = { from = -4, to = 4, points = 80 } }";
  if (!tables.is(TomlValue::Kind::table))
    refuse(tables, "bins", std::string("is no table of coordinates; write ") + form);
  if (tables.entries.empty() || tables.entries.size() > 2)
    refuse(tables, "bins", std::string("must name one or two coordinates, such as ") + form);
  std::vector<Axis> axes;
  std::vector<std::size_t> coordinates;
  for (TomlEntry& entry : tables.entries) {
    const auto found = std::find(names.begin(), names.end(), entry.key);
    if (found == names.end())
      refuse_at(entry.place, TomlValue::of(entry.key), "bins",
                "is no coordinate of this experiment; " + cut(suggestion(entry.key, names), 200));
    Section section(entry.value, "bins." + entry.key);
    axes.push_back(read_cells(section, entry.key));
    section.finish();
    check_cells(axes, entry.value.find("points")->value);
    coordinates.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  return {Grid(std::move(axes)), std::move(coordinates)};
}

}  // namespace umkehr
