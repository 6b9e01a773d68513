// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/dataset.hpp"

#include "experiments/output/hdf5_read.hpp"
#include "experiments/output/result_file.hpp"

namespace umkehr {

Dataset read_dataset(const std::filesystem::path& file, const std::string& dataset, const ShapeCheck& check) {
  const hdf5::Quiet quiet;
  try {
    const hdf5::Id opened = hdf5::open_file(file);
    if (dataset.empty()) throw hdf5::Error("an empty string names no dataset");
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
