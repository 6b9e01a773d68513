// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <hdf5_hl.h>

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
  return "\"" + place + "\" " + what;
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

herr_t note_scale(hid_t, unsigned, hid_t scale, void* out) {
  char path[1024];
  const ssize_t length = H5Iget_name(scale, path, sizeof path);
  if (length <= 0 || static_cast<std::size_t>(length) >= sizeof path) return -1;
  const std::string whole(path);
  *static_cast<std::string*>(out) = whole.substr(whole.rfind('/') + 1);
  return 1;
}

std::vector<std::string> dimensions_of(hid_t dataset, std::size_t rank) {
  std::vector<std::string> names(rank);
  for (unsigned k = 0; k < rank; ++k) {
    if (H5DSget_num_scales(dataset, k) != 1)
      throw Error("axis " + std::to_string(k) + " has not exactly one scale");
    check(H5DSiterate_scales(dataset, k, nullptr, note_scale, &names[k]));
  }
  return names;
}

void read_array(hid_t dataset, const std::string& name, Group& group) {
  std::vector<std::size_t> shape;
  std::vector<double> values = hdf5::read_doubles(dataset, shape);
  const std::string long_name = text_if_any(dataset, "long_name");
  if (check(H5DSis_scale(dataset)) > 0) {
    if (shape.size() != 1) throw Error("is a coordinate of " + std::to_string(shape.size()) + " dimensions");
    group.coordinates.push_back({name, std::move(values), long_name});
    return;
  }
  group.variables.push_back({name, dimensions_of(dataset, shape.size()), std::move(values), long_name,
                             text_if_any(dataset, "equation")});
}

Group read_group(hid_t file, const std::string& name) {
  const Id id(H5Gopen2(file, name.c_str(), H5P_DEFAULT), H5Gclose);
  Group group{name, {}, {}, texts_of(id)};
  for (const std::string& link : links_of(id)) {
    try {
      const Id dataset(H5Dopen2(id, link.c_str(), H5P_DEFAULT), H5Dclose);
      read_array(dataset, link, group);
    } catch (const Error& error) {
      throw Error(at(name + "/" + link, error.what()));
    }
  }
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
  try {
    Result result = read_hdf5(file);
    check_result(result);
    return result;
  } catch (const Error& error) {
    throw ResultFileError(file.string() + ": " + error.what());
  } catch (const std::invalid_argument& error) {
    throw ResultFileError(file.string() + ": " + error.what());
  }
}

}  // namespace umkehr
