// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/path_group.hpp"

namespace umkehr {

Group most_probable_path_group(const std::string& name, const Grid& grid, const MostProbablePath& found) {
  Group group{name,
              {{"t", found.path.times, "time t of the process"}},
              {},
              {{"solve", "most-probable-path"},
               {"method", "newton"},
               {"iterations", std::to_string(found.iterations)},
               {"pieces", std::to_string(found.pieces)},
               {"minima", std::to_string(found.minima.size())}}};
  const char* equation = "2.11";
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const std::string& axis = grid.axis(k).name;
    group.variables.push_back({"path_" + axis, {"t"}, found.path.x[k], "most probable " + axis, equation});
  }
  const auto add = [&](const char* variable, double value, const char* meaning) {
    group.variables.push_back({variable, {}, {value}, meaning, equation});
  };
  add("action", found.action.total(), "Onsager-Machlup action of the path");
  add("action_kinetic", found.action.kinetic, "its part int |x' - F|^2 / (2 D)");
  add("action_divergence", found.action.divergence, "its part int div F / 2");
  add("action_killing", found.action.killing, "its part int V");
  add("action_error", found.action_error,
      "error of the action, estimated with twice and four times as many pieces");
  Coordinate minimum{"minimum", {}, "number of the local minimum, the best first", {}, true};
  Variable actions{"minima_action", {"minimum"}, found.minima, "action of each minimum", equation};
  for (std::size_t n = 0; n < found.minima.size(); ++n) minimum.values.push_back(static_cast<double>(n));
  group.coordinates.push_back(std::move(minimum));
  group.variables.push_back(std::move(actions));
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const std::string& axis = grid.axis(k).name;
    Variable paths{"minima_" + axis, {"minimum", "t"}, {}, axis + " of each minimum", equation};
    for (const Path& path : found.minimum_paths)
      paths.values.insert(paths.values.end(), path.x[k].begin(), path.x[k].end());
    group.variables.push_back(std::move(paths));
  }
  return group;
}

}  // namespace umkehr
