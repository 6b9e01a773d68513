// SPDX-License-Identifier: GPL-3.0-or-later
// What ParaView is shown of a result: the fields of each task with two or three axes, on a mesh of the cells' centres.
#pragma once

#include <string>
#include <vector>

#include "experiments/output/result.hpp"

namespace umkehr {

/// One variable, or the components of a vector in the order of the axes.
struct SceneField {
  std::string name;
  std::vector<std::string> variables;

  bool is_vector() const { return variables.size() > 1; }
};

struct SceneGrid {
  const Group* group = nullptr;
  std::vector<std::string> axes;  ///< two or three
  std::vector<SceneField> fields;
  std::size_t times = 0;

  /// Points along each of three axes, slowest first; a plane is one layer of them.
  std::vector<std::size_t> shape() const;
};

/// Empty if no group has such fields. Points to the groups of `result`.
std::vector<SceneGrid> scene_of(const Result& result);

/// The group of the file that holds what the scene needs beside the tasks' own variables.
inline constexpr char scene_group[] = "xdmf-scene";
/// In that group: positions (x, y, z) of all points, and field at time n.
std::string scene_points(const SceneGrid& grid);
std::string scene_view(const SceneGrid& grid, const SceneField& field, std::size_t n);

}  // namespace umkehr
