// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>

#include "experiments/output/hdf5.hpp"
#include "experiments/output/result_file.hpp"

namespace umkehr {
namespace {

using hdf5::check;
using hdf5::Error;
using hdf5::Id;

// Names that the dimension scales of HDF5 and netCDF-4 keep for themselves.
constexpr const char* bookkeeping[] = {"CLASS", "NAME", "REFERENCE_LIST", "DIMENSION_LIST", "_Netcdf4Dimid"};

std::string at(const std::string& place, const std::string& what) {
  return "\"" + place + "\": " + what;
}

herr_t collect(hid_t, const char* name, const H5L_info_t*, void* out) {
  static_cast<std::vector<std::string>*>(out)->push_back(name);
  return 0;
}

herr_t collect(hid_t, const char* name, const H5A_info_t*, void* out) {
  static_cast<std::vector<std::string>*>(out)->push_back(name);
  return 0;
}

std::vector<std::string> links_of(hid_t group) {
  std::vector<std::string> names;
  herr_t (*visit)(hid_t, const char*, const H5L_info_t*, void*) = collect;
  check(H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, visit, &names));
  return names;
}

std::vector<std::string> attributes_of(hid_t object) {
  std::vector<std::string> names;
  herr_t (*visit)(hid_t, const char*, const H5A_info_t*, void*) = collect;
  check(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, visit, &names));
  return names;
}

bool is_fixed_text(hid_t attribute) {
  const Id type(H5Aget_type(attribute), H5Tclose);
  const Id space(H5Aget_space(attribute), H5Sclose);
  return H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0 &&
         H5Sget_simple_extent_npoints(space) == 1;
}

std::string read_text(hid_t attribute) {
  const Id type(H5Aget_type(attribute), H5Tclose);
  std::string text(H5Tget_size(type), '\0');
  check(H5Aread(attribute, type, text.data()));
  text.resize(std::min(text.find('\0'), text.size()));
  return text;
}

std::string text_of(hid_t object, const std::string& name) {
  if (check(H5Aexists(object, name.c_str())) == 0) throw Error(at(name, "is missing among its attributes"));
  const Id attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
  if (!is_fixed_text(attribute)) throw Error(at(name, "is not a text of fixed length"));
  return read_text(attribute);
}

std::string text_if_any(hid_t object, const std::string& name) {
  return check(H5Aexists(object, name.c_str())) > 0 ? text_of(object, name) : std::string();
}

// What others added in other types (netCDF tools write histories, for instance) is not ours to judge.
std::map<std::string, std::string> texts_of(hid_t object) {
  std::map<std::string, std::string> texts;
  for (const std::string& name : attributes_of(object)) {
    if (std::find(std::begin(bookkeeping), std::end(bookkeeping), name) != std::end(bookkeeping)) continue;
    const Id attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
    if (is_fixed_text(attribute)) texts[name] = read_text(attribute);
  }
  return texts;
}

// Which scale lies along which axis of a dataset, by the dataset's address in the file.
using Scales = std::map<std::pair<haddr_t, int>, std::vector<std::string>>;

// One entry of a scale's REFERENCE_LIST. The other side's DIMENSION_LIST lies in the one part of a file that has no
// checksum, and the library does not survive damage there.
struct UseOfScale {
  hobj_ref_t dataset;
  int axis;
};

Id use_type() {
  Id type(H5Tcreate(H5T_COMPOUND, sizeof(UseOfScale)), H5Tclose);
  check(H5Tinsert(type, "dataset", HOFFSET(UseOfScale, dataset), H5T_STD_REF_OBJ));
  check(H5Tinsert(type, "dimension", HOFFSET(UseOfScale, axis), H5T_NATIVE_INT));
  return type;
}

void note_uses(hid_t scale, const std::string& name, Scales& scales) {
  if (check(H5Aexists(scale, "REFERENCE_LIST")) == 0) return;
  const Id attribute(H5Aopen(scale, "REFERENCE_LIST", H5P_DEFAULT), H5Aclose);
  const Id space(H5Aget_space(attribute), H5Sclose);
  std::vector<UseOfScale> uses(static_cast<std::size_t>(check(H5Sget_simple_extent_npoints(space))));
  check(H5Aread(attribute, use_type(), uses.data()));
  for (const UseOfScale& use : uses) scales[{use.dataset, use.axis}].push_back(name);
}

std::vector<std::string> dimensions_of(hid_t dataset, std::size_t rank, const Scales& scales) {
  H5O_info_t object;
  check(H5Oget_info2(dataset, &object, H5O_INFO_BASIC));
  std::vector<std::string> names;
  for (std::size_t k = 0; k < rank; ++k) {
    const auto found = scales.find({object.addr, static_cast<int>(k)});
    if (found == scales.end() || found->second.size() != 1)
      throw Error("axis " + std::to_string(k) + " has not exactly one scale");
    names.push_back(found->second.front());
  }
  return names;
}

bool is_scale(hid_t dataset) {
  return text_if_any(dataset, "CLASS") == "DIMENSION_SCALE";
}

Coordinate read_coordinate(hid_t dataset, const std::string& name) {
  std::vector<std::size_t> shape;
  std::vector<double> values = hdf5::read_doubles(dataset, shape);
  if (shape.size() != 1) throw Error("is a coordinate of " + std::to_string(shape.size()) + " dimensions");
  return {name, std::move(values), text_if_any(dataset, "long_name")};
}

Variable read_variable(hid_t dataset, const std::string& name, const Scales& scales) {
  std::vector<std::size_t> shape;
  std::vector<double> values = hdf5::read_doubles(dataset, shape);
  return {name, dimensions_of(dataset, shape.size(), scales), std::move(values),
          text_if_any(dataset, "long_name"), text_if_any(dataset, "equation")};
}

// Runs `read(dataset, name)` on each dataset of a group, and says in which one it failed.
template <typename Read>
void for_each_dataset(hid_t group, const std::string& group_name, Read read) {
  for (const std::string& name : links_of(group)) {
    try {
      read(Id(H5Dopen2(group, name.c_str(), H5P_DEFAULT), H5Dclose), name);
    } catch (const Error& error) {
      throw Error(at(group_name + "/" + name, error.what()));
    }
  }
}

Id open_group(hid_t file, const std::string& name) {
  H5O_info_t object;
  if (H5Oget_info_by_name2(file, name.c_str(), &object, H5O_INFO_BASIC, H5P_DEFAULT) >= 0 &&
      object.type != H5O_TYPE_GROUP)
    throw Error(at(name, "is not a task's group"));
  return Id(H5Gopen2(file, name.c_str(), H5P_DEFAULT), H5Gclose);
}

Group read_group(hid_t file, const std::string& name) {
  const Id id = open_group(file, name);
  Group group{name, {}, {}, texts_of(id)};
  Scales scales;
  for_each_dataset(id, name, [&](const Id& dataset, const std::string& link) {
    if (!is_scale(dataset)) return;
    group.coordinates.push_back(read_coordinate(dataset, link));
    note_uses(dataset, link, scales);
  });
  for_each_dataset(id, name, [&](const Id& dataset, const std::string& link) {
    if (!is_scale(dataset)) group.variables.push_back(read_variable(dataset, link, scales));
  });
  return group;
}

Result read_hdf5(const std::filesystem::path& path) {
  const Id file = hdf5::open_file(path);
  Result result;
  result.source = text_if_any(file, "source");
  if (!result.source.starts_with("umkehr"))
    throw Error("is not a result of umkehr (its \"source\" does not say so)");
  const std::string schema = text_of(file, "schema_version");
  if (schema != schema_version)
    throw Error("has schema version \"" + schema + "\", this program reads \"" + schema_version + "\"");
  result.title = text_of(file, "title");
  result.experiment = text_of(file, "experiment");
  for (const std::string& name : links_of(file)) result.groups.push_back(read_group(file, name));
  return result;
}

}  // namespace

Result read_result(const std::filesystem::path& file) {
  const hdf5::Quiet quiet;
  const std::string remedy =
      "; give a result of \"umkehr run\", and run the experiment again if it is damaged";
  try {
    Result result = read_hdf5(file);
    check_result(result);
    return result;
  } catch (const Error& error) {
    throw ResultFileError(file.string() + ": " + error.what() + remedy);
  } catch (const std::invalid_argument& error) {
    throw ResultFileError(file.string() + ": " + error.what() + remedy);
  }
}

}  // namespace umkehr
