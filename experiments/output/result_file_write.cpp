// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cerrno>
#include <fstream>
#include <map>
#include <memory>
#include <system_error>
#include <utility>

#include <hdf5_hl.h>

#include "experiments/output/disk/dataset_write.hpp"
#include "experiments/output/disk/hdf5.hpp"
#include "experiments/output/disk/replaced_file.hpp"
#include "experiments/output/disk/unfinished.hpp"
#include "experiments/output/result_file.hpp"
#include "experiments/output/scene_write.hpp"
#include "experiments/output/swept_file.hpp"
#include "experiments/output/xdmf.hpp"

namespace umkehr {
namespace {

using hdf5::check;
using hdf5::Id;
using hdf5::write_doubles;
using hdf5::write_text;

hobj_ref_t reference_to(hid_t group, const std::string& name) {
  hobj_ref_t reference{};
  check(H5Rcreate(&reference, group, name.c_str(), H5R_OBJECT, -1));
  return reference;
}

// What H5DSattach_scale keeps on either side. That function writes bytes that nobody set, so files of equal
// results would differ; here every byte is.
struct Use {
  hobj_ref_t variable{};
  unsigned axis = 0;
  unsigned padding = 0;
};
static_assert(sizeof(Use) == 16);

void write_dimension_list(hid_t dataset, std::vector<hobj_ref_t> scales) {
  std::vector<hvl_t> list;
  for (hobj_ref_t& scale : scales) list.push_back({1, &scale});
  const Id type(H5Tvlen_create(H5T_STD_REF_OBJ), H5Tclose);
  const Id space = hdf5::space_of({list.size()});
  const Id attribute(H5Acreate2(dataset, "DIMENSION_LIST", type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  check(H5Awrite(attribute, type, list.data()));
}

void write_reference_list(hid_t scale, const std::vector<Use>& uses) {
  const Id type(H5Tcreate(H5T_COMPOUND, sizeof(Use)), H5Tclose);
  check(H5Tinsert(type, "dataset", HOFFSET(Use, variable), H5T_STD_REF_OBJ));
  check(H5Tinsert(type, "dimension", HOFFSET(Use, axis), H5T_STD_I32LE));
  const Id space = hdf5::space_of({uses.size()});
  const Id attribute(H5Acreate2(scale, "REFERENCE_LIST", type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  check(H5Awrite(attribute, type, uses.data()));
}

void describe(hid_t dataset, const std::string& long_name) {
  write_text(dataset, "long_name", long_name);
  write_text(dataset, "units", "1");
}

using UsesOfScales = std::map<std::string, std::vector<Use>>;

void attach_scales(hid_t group, hid_t dataset, const std::string& variable,
                   const std::vector<std::string>& dimensions, UsesOfScales& uses) {
  std::vector<hobj_ref_t> scales;
  for (const std::string& name : dimensions) scales.push_back(reference_to(group, name));
  if (!scales.empty()) write_dimension_list(dataset, scales);
  for (unsigned k = 0; k < scales.size(); ++k)
    uses[dimensions[k]].push_back({reference_to(group, variable), k});
}

void write_coordinate(hid_t group, const Coordinate& coordinate) {
  const std::string& name = coordinate.name;
  const Id dataset = coordinate.is_integer
                         ? hdf5::write_integers(group, name, coordinate.values)
                         : write_doubles(group, name, {coordinate.values.size()}, coordinate.values);
  check(H5DSset_scale(dataset, name.c_str()));
  describe(dataset, coordinate.long_name);
  if (!coordinate.bounds.empty()) write_text(dataset, "bounds", name + bounds_suffix);
  if (!coordinate.swept_key.empty()) write_swept_key(dataset, coordinate);
}

void write_all_bounds(hid_t group, const std::vector<Coordinate>& coordinates, UsesOfScales& uses) {
  bool is_first = true;
  for (const Coordinate& coordinate : coordinates) {
    if (coordinate.bounds.empty()) continue;
    if (std::exchange(is_first, false))
      write_coordinate(group, {bounds_axis, {0, 1}, "lower and upper bound"});
    const std::string name = coordinate.name + bounds_suffix;
    const Id dataset = write_doubles(group, name, {coordinate.values.size(), 2}, coordinate.bounds);
    describe(dataset, "bounds of the cells along " + coordinate.name);
    write_text(dataset, "equation", "");
    attach_scales(group, dataset, name, {coordinate.name, bounds_axis}, uses);
  }
}

void write_variable(hid_t id, const Group& group, const Variable& variable, UsesOfScales& uses) {
  std::vector<hsize_t> shape;
  for (const std::string& name : variable.dimensions) shape.push_back(group.coordinate(name)->values.size());
  const Id dataset = write_doubles(id, variable.name, shape, variable.values);
  describe(dataset, variable.long_name);
  write_text(dataset, "equation", variable.equation);
  if (!variable.cell_methods.empty()) write_text(dataset, "cell_methods", variable.cell_methods);
  attach_scales(id, dataset, variable.name, variable.dimensions, uses);
}

void write_group(hid_t file, const Group& group) {
  const Id creation = hdf5::creation_list(H5P_GROUP_CREATE);
  const Id id(H5Gcreate2(file, group.name.c_str(), H5P_DEFAULT, creation, H5P_DEFAULT), H5Gclose);
  for (const auto& [name, text] : group.attributes) write_text(id, name, text);
  if (!group.warnings.empty()) hdf5::write_texts(id, "warnings", group.warnings);
  for (const Coordinate& coordinate : group.coordinates) write_coordinate(id, coordinate);
  UsesOfScales uses;
  write_all_bounds(id, group.coordinates, uses);
  for (const Variable& variable : group.variables)
    if (variable.is_written) write_variable(id, group, variable, uses);
  for (const auto& [name, of_coordinate] : uses) {
    const Id scale(H5Dopen2(id, name.c_str(), H5P_DEFAULT), H5Dclose);
    write_reference_list(scale, of_coordinate);
  }
}

// A line a task; a text of any length would not fit into an attribute.
std::string failed_text(const std::vector<Failure>& failed) {
  constexpr std::size_t longest = 400;
  std::string text;
  for (const Failure& failure : failed) {
    std::string why = failure.why.substr(0, longest);
    std::replace(why.begin(), why.end(), '\n', ' ');
    text += (text.empty() ? "" : "\n") + failure.task + ": " + why;
  }
  return text;
}

void write_into(hid_t file, const Result& result) {
  write_text(file, "Conventions", "CF-1.10");
  write_text(file, "title", result.title);
  write_text(file, "source", result.source);
  write_text(file, "experiment", result.experiment);
  write_text(file, "schema_version", schema_version);
  std::vector<std::string> tasks;
  for (const Group& group : result.groups) tasks.push_back(group.name);
  if (!tasks.empty()) hdf5::write_texts(file, "tasks", tasks);
  if (!result.failed.empty()) write_text(file, "failed", failed_text(result.failed));
  for (const Group& group : result.groups) write_group(file, group);
  write_scene(file, scene_of(result));
  check(H5Fflush(file, H5F_SCOPE_LOCAL));
}

void write_hdf5(const Result& result, const std::filesystem::path& path) {
  Id file = hdf5::create_file(path);
  write_into(file, result);
  file.close();
}

void write_whole(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  errno = 0;
  out << text;
  out.close();
  if (!out) throw std::system_error(errno, std::generic_category());
}

// Runs what may fail as a system's or the library's call.
template <typename Write>
void explained(const std::filesystem::path& file, const Write& write) {
  const hdf5::Quiet quiet;
  try {
    write();
  } catch (const std::runtime_error& error) {
    throw ResultFileError(file.string() + ": cannot be written: " + error.what() +
                          "; write to a folder that exists, is yours and has room (-o FILE)");
  }
}

}  // namespace

std::filesystem::path scene_beside(std::filesystem::path file) {
  return file.extension() == ".xdmf" ? file += ".xdmf" : file.replace_extension(".xdmf");
}

PreparedResult::PreparedResult(const Result& result, const std::filesystem::path& file) : file_(file) {
  check_result(result);
  explained(file, [&] {
    data_ = std::make_unique<ReplacedFile>(file);
    write_hdf5(result, data_->temporary());
    data_->flush();
    const std::string scene = xdmf_text(scene_of(result), file.filename().string());
    if (scene.empty()) return;
    scene_ = std::make_unique<ReplacedFile>(scene_beside(file));
    write_whole(scene_->temporary(), scene);
    scene_->flush();
  });
}

PreparedResult::~PreparedResult() = default;

void PreparedResult::commit() {
  const unfinished::Hold hold;
  explained(file_, [&] {
    data_->commit();
    if (scene_) scene_->commit();
  });
}

void PreparedResult::flush_folder() const {
  explained(file_, [&] { data_->flush_folder(); });
}

void write_result(const Result& result, const std::filesystem::path& file) {
  PreparedResult prepared(result, file);
  prepared.commit();
  prepared.flush_folder();
}

std::string image_of(const Result& result) {
  std::string image;
  explained("a file in memory", [&] {
    const Id file = hdf5::create_in_memory();
    write_into(file, result);
    image.resize(static_cast<std::size_t>(check(static_cast<hssize_t>(H5Fget_file_image(file, nullptr, 0)))));
    check(static_cast<hssize_t>(H5Fget_file_image(file, image.data(), image.size())));
  });
  return image;
}

}  // namespace umkehr
