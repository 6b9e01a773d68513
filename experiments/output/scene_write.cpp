// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/scene_write.hpp"

#include "experiments/output/disk/dataset_write.hpp"

namespace umkehr {
namespace {

using hdf5::check;
using hdf5::Id;
using Lengths = std::vector<hsize_t>;

constexpr std::size_t components = 3;

Id create_group(hid_t parent, const std::string& name) {
  return Id(H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, hdf5::creation_list(H5P_GROUP_CREATE), H5P_DEFAULT),
            H5Gclose);
}

Lengths lengths_of(const SceneGrid& grid) {
  const std::vector<std::size_t> shape = grid.shape();
  return {shape.begin(), shape.end()};
}

void write_points(hid_t group, const SceneGrid& grid) {
  Lengths shape = lengths_of(grid);
  const std::size_t size = shape[0] * shape[1] * shape[2], unused = components - grid.axes.size();
  std::vector<double> points(size * components);
  std::size_t stride = size;
  for (std::size_t k = 0; k < grid.axes.size(); ++k) {
    const std::vector<double>& centres = grid.group->coordinate(grid.axes[k])->values;
    stride /= shape[unused + k];
    for (std::size_t i = 0; i < size; ++i) points[i * components + k] = centres[i / stride % centres.size()];
  }
  shape.push_back(components);
  const Id dataset = hdf5::write_doubles(group, scene_points(grid), shape, points);
  hdf5::write_text(dataset, "long_name", "x, y, z of the cells' centres");
}

/// Time n of a variable, as one component of a view.
void map_component(hid_t creation, const SceneGrid& grid, const std::string& variable, std::size_t n,
                   const Lengths& view, std::size_t component) {
  Lengths whole = {grid.times};
  for (const std::string& axis : grid.axes) whole.push_back(grid.group->coordinate(axis)->values.size());
  Lengths start(whole.size(), 0), count = whole;
  start[0] = n;
  count[0] = 1;
  const Id source = hdf5::space_of(whole), target = hdf5::space_of(view);
  check(H5Sselect_hyperslab(source, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr));
  Lengths corner(view.size(), 0), part = view;
  if (view.size() > components) {
    corner.back() = component;
    part.back() = 1;
  }
  check(H5Sselect_hyperslab(target, H5S_SELECT_SET, corner.data(), nullptr, part.data(), nullptr));
  const std::string path = "/" + grid.group->name + "/" + variable;
  check(H5Pset_virtual(creation, target, ".", path.c_str(), source));
}

// What no component covers, as z in the plane, is zero.
void write_view(hid_t group, const SceneGrid& grid, const SceneField& field, std::size_t n) {
  Lengths view = lengths_of(grid);
  if (field.is_vector()) view.push_back(components);
  const Id creation = hdf5::creation_list(H5P_DATASET_CREATE);
  for (std::size_t k = 0; k < field.variables.size(); ++k)
    map_component(creation, grid, field.variables[k], n, view, k);
  const Id dataset(H5Dcreate2(group, scene_view(grid, field, n).c_str(), H5T_IEEE_F64LE, hdf5::space_of(view),
                              H5P_DEFAULT, creation, H5P_DEFAULT),
                   H5Dclose);
}

}  // namespace

void write_scene(hid_t file, const std::vector<SceneGrid>& scene) {
  if (scene.empty()) return;
  const Id group = create_group(file, scene_group);
  hdf5::write_text(group, "long_name", "views of the tasks' fields for the .xdmf beside this file");
  for (const SceneGrid& grid : scene) {
    const Id task = create_group(group, grid.group->name);
    write_points(group, grid);
    for (const SceneField& field : grid.fields) {
      const Id of_field = create_group(task, field.name);
      for (std::size_t n = 0; n < grid.times; ++n) write_view(group, grid, field, n);
    }
  }
}

}  // namespace umkehr
