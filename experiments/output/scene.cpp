// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/scene.hpp"

#include <algorithm>

namespace umkehr {
namespace {

using AxisNames = std::vector<std::string>;

bool is_drawable(const Variable& variable) {
  const std::size_t rank = variable.dimensions.size();
  return variable.is_written && rank >= 3 && rank <= 4 && variable.dimensions[0] == "t";
}

// The vector's name, where a variable is the first component of one.
std::string vector_of(const std::string& variable, const AxisNames& axes) {
  const std::string end = "_" + axes.front();
  return variable.ends_with(end) ? variable.substr(0, variable.size() - end.size()) : std::string();
}

bool is_later_component(const std::string& variable, const AxisNames& axes) {
  return std::any_of(axes.begin() + 1, axes.end(),
                     [&](const std::string& axis) { return variable.ends_with("_" + axis); });
}

SceneField field_of(const Group& group, const Variable& variable, const AxisNames& axes) {
  const std::string vector = vector_of(variable.name, axes);
  SceneField field{vector, {}};
  for (const std::string& axis : axes) {
    const Variable* component = group.find(vector + "_" + axis);
    if (vector.empty() || component == nullptr || component->dimensions != variable.dimensions ||
        !component->is_written)
      return {variable.name, {variable.name}};
    field.variables.push_back(component->name);
  }
  return field;
}

bool is_shown(const SceneGrid& grid, const std::string& variable) {
  return std::any_of(grid.fields.begin(), grid.fields.end(), [&](const SceneField& field) {
    return std::find(field.variables.begin(), field.variables.end(), variable) != field.variables.end();
  });
}

// The fields that share the dimensions of the first drawable one.
SceneGrid grid_of(const Group& group) {
  SceneGrid grid{&group, {}, {}, 0};
  const auto first = std::find_if(group.variables.begin(), group.variables.end(), is_drawable);
  if (first == group.variables.end()) return grid;
  grid.axes.assign(first->dimensions.begin() + 1, first->dimensions.end());
  grid.times = group.coordinate("t")->values.size();
  const auto add = [&](bool later) {
    for (const Variable& variable : group.variables)
      if (is_drawable(variable) && variable.dimensions == first->dimensions &&
          is_later_component(variable.name, grid.axes) == later && !is_shown(grid, variable.name))
        grid.fields.push_back(field_of(group, variable, grid.axes));
  };
  add(false);
  add(true);
  return grid;
}

}  // namespace

std::vector<std::size_t> SceneGrid::shape() const {
  std::vector<std::size_t> lengths(3 - axes.size(), 1);
  for (const std::string& axis : axes) lengths.push_back(group->coordinate(axis)->values.size());
  return lengths;
}

std::vector<SceneGrid> scene_of(const Result& result) {
  std::vector<SceneGrid> scene;
  for (const Group& group : result.groups) {
    SceneGrid grid = grid_of(group);
    if (!grid.fields.empty()) scene.push_back(std::move(grid));
  }
  return scene;
}

std::string scene_points(const SceneGrid& grid) {
  return grid.group->name + "/points";
}

std::string scene_view(const SceneGrid& grid, const SceneField& field, std::size_t n) {
  return grid.group->name + "/" + field.name + "/" + std::to_string(n);
}

}  // namespace umkehr
