// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/disk/hdf5_read.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "experiments/output/disk/free_memory.hpp"
#include "experiments/text/short_number.hpp"

namespace umkehr::hdf5 {
namespace {

constexpr std::size_t longest_text = 16 << 20;

std::string quoted_name(const std::string& name) {
  return "\"" + name + "\"";
}

// Follows no link into another file, wherever in the path it stands.
Id careful_access() {
  Id list(H5Pcreate(H5P_LINK_ACCESS), H5Pclose);
  const auto refuse = [](const char*, const char*, const char*, const char*, unsigned*, hid_t,
                         void*) -> herr_t { return -1; };
  check(H5Pset_elink_cb(list, refuse, nullptr));
  return list;
}

// The library says "callback returned error" of such a link, and blocks where it leads to a pipe.
void refuse_outer_links(hid_t file, const std::string& path) {
  const Id access = careful_access();
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    H5L_info_t link;
    if (part.empty() || part == "/" || H5Lget_info(file, part.c_str(), &link, access) < 0) break;
    if (link.type >= H5L_TYPE_EXTERNAL)
      throw Error("is reached by a link into another file (" + quoted_name(part) +
                  "); only what lies in this file is read");
    if (end == std::string::npos) break;
  }
  H5Eclear2(H5E_DEFAULT);
}

H5O_type_t kind_of(hid_t file, const std::string& path) {
  refuse_outer_links(file, path);
  H5O_info_t object;
  check(H5Oget_info_by_name2(file, path.c_str(), &object, H5O_INFO_BASIC, careful_access()));
  return object.type;
}

const char* name_of(H5O_type_t kind) {
  return kind == H5O_TYPE_GROUP            ? "a group"
         : kind == H5O_TYPE_DATASET        ? "a dataset"
         : kind == H5O_TYPE_NAMED_DATATYPE ? "a named type"
                                           : "an object of unknown kind";
}

std::string name_of(H5T_class_t kind) {
  return kind == H5T_STRING      ? "texts"
         : kind == H5T_COMPOUND  ? "records (or complex numbers)"
         : kind == H5T_ENUM      ? "names or truth values (an enumeration)"
         : kind == H5T_REFERENCE ? "references"
         : kind == H5T_VLEN      ? "lists of any length"
         : kind == H5T_ARRAY     ? "arrays"
                                 : "values of another kind";
}

void check_type(hid_t dataset) {
  const Id type(H5Dget_type(dataset), H5Tclose);
  const H5T_class_t kind = H5Tget_class(type);
  if (kind != H5T_FLOAT && kind != H5T_INTEGER)
    throw Error("does not hold numbers but " + name_of(kind) + "; integers and reals are read");
}

void check_filters(hid_t creation) {
  const int count = check(H5Pget_nfilters(creation));
  for (int n = 0; n < count; ++n) {
    unsigned flags = 0;
    std::size_t values = 0;
    char name[64] = "";
    const H5Z_filter_t filter = H5Pget_filter2(creation, static_cast<unsigned>(n), &flags, &values, nullptr,
                                               sizeof name - 1, name, nullptr);
    if (filter < 0) throw Error("has a filter that cannot be named");
    if (H5Zfilter_avail(filter) <= 0) {
      H5Eclear2(H5E_DEFAULT);
      throw Error("is packed by the filter " + std::to_string(filter) + " (" + name +
                  "), which this HDF5 library does not have; rewrite the file with deflate: h5repack -f "
                  "GZIP=1 FROM TO");
    }
  }
}

// A chunk is unpacked whole, however little of it is asked for.
void check_chunks(hid_t dataset, hid_t creation) {
  constexpr double free_of_charge = 64 << 20;
  const Id type(H5Dget_type(dataset), H5Tclose);
  const Shape shape = shape_of(dataset);
  std::vector<hsize_t> chunk(shape.size());
  check(H5Pget_chunk(creation, static_cast<int>(chunk.size()), chunk.data()));
  double bytes = static_cast<double>(H5Tget_size(type)), all = bytes;
  for (const hsize_t length : chunk) bytes *= static_cast<double>(length);
  for (const std::size_t length : shape) all *= static_cast<double>(length);
  if (bytes > std::max(free_of_charge, 2 * all))
    throw Error("is stored in chunks of " + size_text(bytes) + " for values of " + size_text(all));
}

void check_memory(double bytes) {
  const std::optional<double> free = free_memory();
  if (free && bytes > *free)
    throw Error("has values of " + size_text(bytes) + ", but only " + size_text(*free) +
                " of memory are free");
}

// Deflate makes at most 1032 bytes of one, so more values than this are a lie of the header.
void check_plausible(hid_t dataset, const Shape& shape) {
  constexpr std::size_t max_a_byte = 1032;
  const Id type(H5Dget_type(dataset), H5Tclose);
  const std::size_t stored = H5Dget_storage_size(dataset);
  if (stored > std::numeric_limits<std::size_t>::max() / max_a_byte) throw Error("has an impossible size");
  std::size_t left = stored * max_a_byte / H5Tget_size(type);
  for (const std::size_t length : shape) {
    if (length == 0) return;
    left /= length;
  }
  if (left == 0) throw Error("promises more values than the file holds");
}

std::size_t product(const Shape& shape) {
  std::size_t count = 1;
  for (const std::size_t length : shape) count *= length;
  return count;
}

// Iteration in the order of the storage needs no table; by index of creation it finds each name by itself.
herr_t note_link(hid_t, const char* name, const H5L_info_t*, void* out) {
  static_cast<std::vector<std::string>*>(out)->push_back(name);
  return 0;
}

herr_t note_attribute(hid_t, const char* name, const H5A_info_t*, void* out) {
  static_cast<std::vector<std::string>*>(out)->push_back(name);
  return 0;
}

std::string link_at(hid_t group, hsize_t n) {
  const auto length = [&](char* out, std::size_t size) {
    return H5Lget_name_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, n, out, size, H5P_DEFAULT);
  };
  const ssize_t bytes = length(nullptr, 0);
  if (bytes < 0) check(-1);
  std::string name(static_cast<std::size_t>(bytes) + 1, '\0');
  if (length(name.data(), name.size()) != bytes) throw Error("has a member that changes its name");
  name.pop_back();
  return name;
}

}  // namespace

std::string shape_text(const Shape& shape) {
  std::string text;
  for (const std::size_t length : shape) text += (text.empty() ? "" : ", ") + std::to_string(length);
  return "(" + text + (shape.size() == 1 ? ",)" : ")");
}

std::vector<std::string> links_of(hid_t file_or_group) {
  const Id group(H5Gopen2(file_or_group, ".", H5P_DEFAULT), H5Gclose);
  H5G_info_t info;
  check(H5Gget_info(group, &info));
  constexpr hsize_t max_members = 1 << 20;
  if (info.nlinks > max_members) throw Error("has " + std::to_string(info.nlinks) + " members");
  std::vector<std::string> names;
  const Id creation(H5Gget_create_plist(group), H5Pclose);
  unsigned order = 0;
  check(H5Pget_link_creation_order(creation, &order));
  if ((order & H5P_CRT_ORDER_TRACKED) == 0) {
    herr_t (*visit)(hid_t, const char*, const H5L_info_t*, void*) = note_link;
    check(H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, visit, &names));
    std::sort(names.begin(), names.end());
    return names;
  }
  for (hsize_t n = 0; n < info.nlinks; ++n) names.push_back(link_at(group, n));
  return names;
}

std::vector<std::string> attributes_of(hid_t object) {
  std::vector<std::string> names;
  herr_t (*visit)(hid_t, const char*, const H5A_info_t*, void*) = note_attribute;
  check(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, visit, &names));
  return names;
}

bool is_fixed_text(hid_t attribute) {
  const Id type(H5Aget_type(attribute), H5Tclose);
  const Id space(H5Aget_space(attribute), H5Sclose);
  return H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0 &&
         H5Sget_simple_extent_npoints(space) == 1;
}

std::string read_text(hid_t attribute, const std::string& name) {
  const Id type(H5Aget_type(attribute), H5Tclose);
  const std::size_t length = H5Tget_size(type);
  if (length > longest_text)
    throw Error(quoted_name(name) + ": is a text of " + std::to_string(length) + " bytes; at most 16 MiB");
  std::string text(length, '\0');
  check(H5Aread(attribute, type, text.data()));
  text.resize(std::min(text.find('\0'), text.size()));
  return text;
}

std::string text_of(hid_t object, const std::string& name) {
  if (check(H5Aexists(object, name.c_str())) == 0)
    throw Error(quoted_name(name) + ": is missing among its attributes");
  const Id attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
  if (!is_fixed_text(attribute)) throw Error(quoted_name(name) + ": is not a text of fixed length");
  return read_text(attribute, name);
}

std::string text_if_any(hid_t object, const std::string& name) {
  return check(H5Aexists(object, name.c_str())) > 0 ? text_of(object, name) : std::string();
}

std::vector<std::string> texts_if_any(hid_t object, const std::string& name) {
  constexpr std::size_t most = 1 << 20;
  if (check(H5Aexists(object, name.c_str())) == 0) return {};
  const Id attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
  const Id type(H5Aget_type(attribute), H5Tclose);
  const Id space(H5Aget_space(attribute), H5Sclose);
  const auto count = static_cast<std::size_t>(check(H5Sget_simple_extent_npoints(space)));
  const std::size_t length = H5Tget_size(type);
  if (H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0 || length == 0)
    throw Error(quoted_name(name) + ": is not a list of texts of fixed length");
  if (count > most / length) throw Error(quoted_name(name) + ": is longer than any list of umkehr");
  std::string all(count * length, '\0');
  if (count > 0) check(H5Aread(attribute, type, all.data()));
  std::vector<std::string> texts;
  for (std::size_t n = 0; n < count; ++n) {
    const std::string text = all.substr(n * length, length);
    texts.push_back(text.substr(0, text.find('\0')));
  }
  return texts;
}

Id open_group(hid_t file, const std::string& path) {
  const H5O_type_t kind = kind_of(file, path);
  if (kind != H5O_TYPE_GROUP) throw Error(std::string("is ") + name_of(kind) + ", not a group");
  return Id(H5Gopen2(file, path.c_str(), H5P_DEFAULT), H5Gclose);
}

Id open_dataset(hid_t file, const std::string& path) {
  const H5O_type_t kind = kind_of(file, path);
  if (kind != H5O_TYPE_DATASET) throw Error(std::string("is ") + name_of(kind) + ", not a dataset");
  return Id(H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose);
}

void refuse_soft_link(hid_t group, const std::string& name) {
  H5L_info_t link;
  check(H5Lget_info(group, name.c_str(), &link, H5P_DEFAULT));
  if (link.type == H5L_TYPE_SOFT) throw Error("is a soft link, which no result holds");
}

void check_dataset(hid_t dataset) {
  check_type(dataset);
  const Id creation(H5Dget_create_plist(dataset), H5Pclose);
  if (check(H5Pget_external_count(creation)) > 0)
    throw Error("keeps its values in another file; only what lies in this file is read");
  const H5D_layout_t layout = H5Pget_layout(creation);
  if (layout == H5D_VIRTUAL)
    throw Error("is put together from other datasets (virtual); only what lies in this file is read");
  check_filters(creation);
  if (layout == H5D_CHUNKED) check_chunks(dataset, creation);
}

Shape shape_of(hid_t dataset) {
  const Id space(H5Dget_space(dataset), H5Sclose);
  if (H5Sget_simple_extent_type(space) == H5S_NULL) throw Error("has no values");
  std::vector<hsize_t> shape(static_cast<std::size_t>(check(H5Sget_simple_extent_ndims(space))));
  check(H5Sget_simple_extent_dims(space, shape.data(), nullptr));
  return {shape.begin(), shape.end()};
}

std::vector<double> read_doubles(hid_t dataset, Shape& shape) {
  check_dataset(dataset);
  shape = shape_of(dataset);
  check_plausible(dataset, shape);
  const std::size_t count = product(shape);
  check_memory(8.0 * static_cast<double>(count));
  std::vector<double> values(count);
  if (count > 0) check(H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
  return values;
}

std::vector<double> read_slice(hid_t dataset, const std::vector<std::size_t>& indices) {
  check_dataset(dataset);
  Shape shape = shape_of(dataset);
  for (std::size_t k = 0; k < indices.size(); ++k)
    if (k >= shape.size() || indices[k] >= shape[k])
      throw Error("has no index " + std::to_string(indices[k]) + " along its " +
                  (k == 0 ? "first axis" : "axis " + std::to_string(k + 1)));
  check_plausible(dataset, shape);
  std::vector<hsize_t> first(shape.size(), 0), count(shape.begin(), shape.end());
  for (std::size_t k = 0; k < indices.size(); ++k) {
    first[k] = indices[k];
    shape[k] = count[k] = 1;
  }
  check_memory(8.0 * static_cast<double>(product(shape)));
  std::vector<double> values(product(shape));
  if (values.empty()) return values;
  const Id from(H5Dget_space(dataset), H5Sclose), to = space_of(count);
  check(H5Sselect_hyperslab(from, H5S_SELECT_SET, first.data(), nullptr, count.data(), nullptr));
  check(H5Dread(dataset, H5T_NATIVE_DOUBLE, to, from, H5P_DEFAULT, values.data()));
  return values;
}

}  // namespace umkehr::hdf5
