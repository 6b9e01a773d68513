// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/field_group.hpp"

#include "experiments/input/toml_text.hpp"

namespace umkehr {

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

std::string list_text(const std::vector<double>& numbers) {
  std::string out;
  for (const double x : numbers) out += (out.empty() ? "" : ", ") + write_toml_value(TomlValue::of(x));
  return out;
}

}  // namespace umkehr
