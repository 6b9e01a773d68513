// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/dataset.hpp"

#include "experiments/output/hdf5.hpp"
#include "experiments/output/result_file.hpp"

namespace umkehr {

Dataset read_dataset(const std::filesystem::path& file, const std::string& dataset) {
  const hdf5::Quiet quiet;
  try {
    const hdf5::Id opened = hdf5::open_file(file);
    const hdf5::Id id(H5Dopen2(opened, dataset.c_str(), H5P_DEFAULT), H5Dclose);
    Dataset read;
    read.values = hdf5::read_doubles(id, read.shape);
    return read;
  } catch (const hdf5::Error& error) {
    throw ResultFileError(file.string() + ": \"" + dataset + "\" cannot be read: " + error.what());
  }
}

}  // namespace umkehr
