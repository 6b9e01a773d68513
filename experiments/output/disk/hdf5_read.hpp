// SPDX-License-Identifier: GPL-3.0-or-later
// Reading what others may have written or damaged: names without the library's own iteration in creation order, which
// does not survive a wrong checksum, and values only after their type, place, filters and number were looked at.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "experiments/output/disk/hdf5.hpp"

namespace umkehr::hdf5 {

using Shape = std::vector<std::size_t>;
/// "(3, 40)"
std::string shape_text(const Shape& shape);

/// Names of a group's members, in the order of their creation where the file keeps it.
std::vector<std::string> links_of(hid_t file_or_group);
std::vector<std::string> attributes_of(hid_t object);

/// Text attributes: fixed length, one value, at most 16 MiB.
bool is_fixed_text(hid_t attribute);
std::string read_text(hid_t attribute, const std::string& name);
std::string text_of(hid_t object, const std::string& name);
std::string text_if_any(hid_t object, const std::string& name);
/// A list of texts of fixed length; empty if there is none.
std::vector<std::string> texts_if_any(hid_t object, const std::string& name);

/// Opens a group or dataset by its path. Links to other files are never followed.
Id open_group(hid_t file, const std::string& path);
Id open_dataset(hid_t file, const std::string& path);
/// Refuses links that are not the object itself.
void refuse_soft_link(hid_t group, const std::string& name);

/// Throws Error unless the values are numbers that lie in this file and can be decoded.
void check_dataset(hid_t dataset);
Shape shape_of(hid_t dataset);
/// All values of a dataset of integers or reals, as doubles. Throws Error as `check_dataset` does, and where a damaged
/// or crafted header promises more than the file or the memory holds.
std::vector<double> read_doubles(hid_t dataset, Shape& shape);
/// Those of these indices along the first axes.
std::vector<double> read_slice(hid_t dataset, const std::vector<std::size_t>& indices);

}  // namespace umkehr::hdf5
