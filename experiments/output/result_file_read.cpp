// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

#include "experiments/output/disk/hdf5_read.hpp"
#include "experiments/output/result_file.hpp"
#include "experiments/output/scene.hpp"
#include "experiments/output/swept_file.hpp"
#include "experiments/text/short_number.hpp"

namespace umkehr {
namespace {

using hdf5::check;
using hdf5::Error;
using hdf5::Id;
using hdf5::text_if_any;
using hdf5::text_of;
using hdf5::texts_if_any;

// Names that the dimension scales of HDF5 and netCDF-4 keep for themselves.
constexpr const char* bookkeeping[] = {"CLASS",          "NAME",          "REFERENCE_LIST",
                                       "DIMENSION_LIST", "_Netcdf4Dimid", "warnings"};

// The same without bounds, warnings and scene.
constexpr char first_schema_version[] = "1";

std::string at(const std::string& place, const std::string& what) {
  return "\"" + place + "\": " + what;
}

// What others added in other types (netCDF tools write histories, for instance) is not ours to judge.
std::map<std::string, std::string> texts_of(hid_t object) {
  std::map<std::string, std::string> texts;
  for (const std::string& name : hdf5::attributes_of(object)) {
    if (std::find(std::begin(bookkeeping), std::end(bookkeeping), name) != std::end(bookkeeping)) continue;
    const Id attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
    if (hdf5::is_fixed_text(attribute)) texts[name] = hdf5::read_text(attribute, name);
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
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  constexpr hssize_t max_uses = 100'000;
  if (count < 0 || count > max_uses) throw Error("is the scale of an impossible number of axes");
  std::vector<UseOfScale> uses(static_cast<std::size_t>(count));
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

std::string no_ascent(const std::vector<double>& values, bool is_swept) {
  for (std::size_t n = 0; n < values.size(); ++n) {
    const std::string place = "[" + std::to_string(n) + "] is " + short_number(values[n]);
    if (!std::isfinite(values[n])) return place + ", which is not finite";
    if (!is_swept && n > 0 && !(values[n - 1] < values[n]))
      return place + ", which is not above the " + short_number(values[n - 1]) + " before it";
  }
  return {};
}

Coordinate read_coordinate(hid_t dataset, const std::string& name) {
  constexpr std::size_t max_points = 1 << 24;
  hdf5::Shape shape = hdf5::shape_of(dataset);
  if (shape.size() != 1) throw Error("is a coordinate of " + std::to_string(shape.size()) + " dimensions");
  if (shape[0] > max_points)
    throw Error("is a coordinate of " + std::to_string(shape[0]) + " points; at most " +
                std::to_string(max_points));
  std::vector<double> values = hdf5::read_doubles(dataset, shape);
  Coordinate coordinate{name, std::move(values), text_if_any(dataset, "long_name")};
  read_swept_key(dataset, coordinate);
  const std::string wrong = no_ascent(coordinate.values, !coordinate.swept_key.empty());
  if (!wrong.empty()) throw Error("does not ascend: " + wrong);
  const Id type(H5Dget_type(dataset), H5Tclose);
  coordinate.is_integer = H5Tget_class(type) == H5T_INTEGER;
  return coordinate;
}

hdf5::Shape shape_on(const Group& group, const std::vector<std::string>& dimensions) {
  hdf5::Shape shape;
  for (const std::string& name : dimensions) shape.push_back(group.coordinate(name)->values.size());
  return shape;
}

Variable read_variable(hid_t dataset, const std::string& name, const Group& group, const Scales& scales,
                       bool with_values) {
  hdf5::Shape shape = hdf5::shape_of(dataset);
  std::vector<std::string> dimensions = dimensions_of(dataset, shape.size(), scales);
  const hdf5::Shape needed = shape_on(group, dimensions);
  if (shape != needed)
    throw Error("has the shape " + hdf5::shape_text(shape) + "; its coordinates have " +
                hdf5::shape_text(needed));
  std::vector<double> values;
  if (with_values) values = hdf5::read_doubles(dataset, shape);
  return {name,
          std::move(dimensions),
          std::move(values),
          text_if_any(dataset, "long_name"),
          text_if_any(dataset, "equation"),
          text_if_any(dataset, "cell_methods")};
}

std::vector<std::string> members_of(hid_t group, const std::string& group_name) {
  try {
    return hdf5::links_of(group);
  } catch (const Error& error) {
    throw Error(at(group_name, error.what()));
  }
}

// Runs `read(dataset, name)` on each dataset of a group, and says in which one it failed.
template <typename Read>
void for_each_dataset(hid_t group, const std::string& group_name, Read read) {
  for (const std::string& name : members_of(group, group_name)) {
    try {
      hdf5::refuse_soft_link(group, name);
      const Id dataset = hdf5::open_dataset(group, name);
      hdf5::check_dataset(dataset);
      read(dataset, name);
    } catch (const Error& error) {
      throw Error(at(group_name + "/" + name, error.what()));
    }
  }
}

Id open_task(hid_t file, const std::string& name) {
  try {
    hdf5::refuse_soft_link(file, name);
    return hdf5::open_group(file, name);
  } catch (const Error& error) {
    throw Error(at(name, std::string("is not a task's group: ") + error.what()));
  }
}

/// The coordinate whose bounds a dataset holds.
Coordinate* bounded_by(const std::string& dataset, const std::vector<std::string>& bounded, Group& group) {
  for (Coordinate& coordinate : group.coordinates)
    if (dataset == coordinate.name + bounds_suffix &&
        std::find(bounded.begin(), bounded.end(), coordinate.name) != bounded.end())
      return &coordinate;
  return nullptr;
}

void read_bounds(hid_t dataset, Coordinate& coordinate) {
  hdf5::Shape shape = hdf5::shape_of(dataset);
  if (shape != hdf5::Shape{coordinate.values.size(), 2}) throw Error("does not hold two bounds a cell");
  coordinate.bounds = hdf5::read_doubles(dataset, shape);
}

Group read_group(hid_t file, const std::string& name, bool with_values) {
  const Id id = open_task(file, name);
  Group group{name, {}, {}, texts_of(id), texts_if_any(id, "warnings")};
  Scales scales;
  std::vector<std::string> bounded;
  for_each_dataset(id, name, [&](const Id& dataset, const std::string& link) {
    if (!is_scale(dataset)) return;
    group.coordinates.push_back(read_coordinate(dataset, link));
    note_uses(dataset, link, scales);
    if (text_if_any(dataset, "bounds") == link + bounds_suffix) bounded.push_back(link);
  });
  for_each_dataset(id, name, [&](const Id& dataset, const std::string& link) {
    if (is_scale(dataset)) return;
    if (Coordinate* coordinate = bounded_by(link, bounded, group)) return read_bounds(dataset, *coordinate);
    group.variables.push_back(read_variable(dataset, link, group, scales, with_values));
  });
  // The numbers of the bounds are no axis of a field.
  if (!bounded.empty())
    std::erase_if(group.coordinates, [](const Coordinate& one) { return one.name == bounds_axis; });
  return group;
}

std::vector<Failure> failures_in(const std::string& text) {
  std::vector<Failure> failed;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(": ");
    failed.push_back({line.substr(0, colon), colon == std::string::npos ? "" : line.substr(colon + 2)});
  }
  return failed;
}

Result read_hdf5(const std::filesystem::path& path, bool with_values) {
  const Id file = hdf5::open_file(path);
  Result result;
  result.source = text_if_any(file, "source");
  if (!result.source.starts_with("umkehr"))
    throw Error("is not a result of umkehr (its \"source\" does not say so)");
  const std::string schema = text_of(file, "schema_version");
  if (schema != schema_version && schema != first_schema_version)
    throw Error("has schema version \"" + schema + "\", this program reads \"" + first_schema_version +
                "\" and \"" + schema_version + "\"");
  result.title = text_of(file, "title");
  result.experiment = text_of(file, "experiment");
  result.failed = failures_in(text_if_any(file, "failed"));
  for (const std::string& name : hdf5::links_of(file))
    if (name != scene_group) result.groups.push_back(read_group(file, name, with_values));
  return result;
}

// What reading threw, as one kind of error that names the file.
template <typename Read>
auto guarded(const std::filesystem::path& file, Read read) {
  const hdf5::Quiet quiet;
  const std::string remedy =
      "; give a result of \"umkehr run\", and run the experiment again if it is damaged";
  try {
    return read();
  } catch (const Error& error) {
    throw ResultFileError(file.string() + ": " + error.what() + remedy);
  } catch (const std::invalid_argument& error) {
    throw ResultFileError(file.string() + ": " + error.what() + remedy);
  }
}

}  // namespace

Result read_result(const std::filesystem::path& file) {
  return guarded(file, [&] {
    Result result = read_hdf5(file, true);
    check_result(result);
    return result;
  });
}

Result read_outline(const std::filesystem::path& file) {
  return guarded(file, [&] { return read_hdf5(file, false); });
}

std::vector<double> read_values_at(const std::filesystem::path& file, const std::string& variable,
                                   const std::vector<std::size_t>& indices) {
  return guarded(file, [&] {
    try {
      return hdf5::read_slice(hdf5::open_dataset(hdf5::open_file(file), variable), indices);
    } catch (const Error& error) {
      throw Error(at(variable, error.what()));
    }
  });
}

}  // namespace umkehr
