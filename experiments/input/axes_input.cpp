// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/axes_input.hpp"

#include <array>
#include <cmath>

#include "experiments/input/reading.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_points_of_axis = std::size_t{1} << 24;  // of an axis
constexpr std::size_t max_grid_cells = std::size_t{1} << 28;      // of a grid: 2 GiB a field

Boundary read_boundary(const TomlValue& value) {
  const std::string name = read_choice(value, "boundary", {"reflecting", "absorbing", "periodic"});
  return name == "reflecting"  ? Boundary::reflecting
         : name == "absorbing" ? Boundary::absorbing
                               : Boundary::periodic;
}

std::string read_axis_name(Section& section, const std::vector<std::string>& taken,
                           const IsWritten& is_written) {
  static const std::array usual = {"x", "y", "z"};
  const TomlValue& value = section.with_default("name", TomlValue::of(std::string(usual[taken.size()])));
  const std::string name = read_string(value, "name");
  check_name(name, value.place, taken, is_written);
  return name;
}

Axis read_axis(TomlValue& table, const std::vector<std::string>& taken, const IsWritten& is_written) {
  Section section(table, "[[axis]]");
  Axis axis;
  axis.name = read_axis_name(section, taken, is_written);
  axis.from = read_number(section.require("from", "the coordinate of the lower wall"), "from", any_number);
  const TomlValue& to = section.require("to", "the coordinate of the upper wall");
  axis.to = read_number(to, "to", any_number);
  if (!(axis.to > axis.from)) refuse(to, "to", "is not above \"from\"; give a larger number");
  const TomlValue& points = section.require("points", "the number of cells");
  axis.points = read_count(points, "points", 2, max_points_of_axis);
  if (!(axis.from + axis.spacing() > axis.from && axis.to - axis.spacing() < axis.to))
    refuse(points, "points",
           "makes cells too narrow for their coordinates; take fewer points or a longer axis");
  axis.boundary = read_boundary(section.with_default("boundary", TomlValue::of(std::string("reflecting"))));
  section.finish();
  return axis;
}

}  // namespace

Grid read_axes(TomlValue& tables, const IsWritten& is_written) {
  if (!tables.is(TomlValue::Kind::array)) refuse(tables, "axis", "is not a list of tables; write [[axis]]");
  read_list(tables, "axis", 1, 3);
  std::vector<Axis> axes;
  std::vector<std::string> taken;
  std::size_t cells = 1;
  for (TomlValue& table : tables.elements) {
    axes.push_back(read_axis(table, taken, is_written));
    taken.push_back(axes.back().name);
    cells *= axes.back().points;  // at most (2^24)^2 before it is refused
    if (cells > max_grid_cells)
      refuse(table.find("points")->value, "points",
             "makes " + std::to_string(cells) + " cells in all; at most " + std::to_string(max_grid_cells));
  }
  return Grid(std::move(axes));
}

}  // namespace umkehr
