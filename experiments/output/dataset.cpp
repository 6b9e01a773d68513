// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/dataset.hpp"

#include <algorithm>

#include "experiments/output/disk/hdf5_read.hpp"
#include "experiments/output/result_file.hpp"
#include "experiments/text/nearest.hpp"

namespace umkehr {
namespace {

// The first part of a path that is not there, with what stands beside it.
void refuse_missing(hid_t file, const std::string& path) {
  std::size_t start = path.find_first_not_of('/');
  std::string parent = "/";
  while (start < path.size()) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const hdf5::Id group = hdf5::open_group(file, parent);
    const std::string part = path.substr(start, end - start);
    const std::vector<std::string> names = hdf5::links_of(group);
    if (std::find(names.begin(), names.end(), part) == names.end())
      throw hdf5::Error("\"" + parent + "\" holds no \"" + part + "\"; " +
                        (names.empty() ? "it is empty" : suggestion(part, names)));
    parent = (parent == "/" ? parent : parent + "/") + part;
    start = path.find_first_not_of('/', end);
  }
}

}  // namespace

Dataset read_dataset(const std::filesystem::path& file, const std::string& dataset, const ShapeCheck& check) {
  const hdf5::Quiet quiet;
  try {
    const hdf5::Id opened = hdf5::open_file(file);
    if (dataset.empty()) throw hdf5::Error("an empty string names no dataset");
    refuse_missing(opened, dataset);
    const hdf5::Id id = hdf5::open_dataset(opened, dataset);
    Dataset read;
    hdf5::check_dataset(id);
    read.shape = hdf5::shape_of(id);
    if (check) check(read.shape);
    read.values = hdf5::read_doubles(id, read.shape);
    return read;
  } catch (const hdf5::Error& error) {
    throw ResultFileError(file.string() + ": \"" + dataset + "\" cannot be read: " + error.what());
  }
}

}  // namespace umkehr
