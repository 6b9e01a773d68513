// SPDX-License-Identifier: GPL-3.0-or-later
// One array of any HDF5 or netCDF-4 file, such as samples (N, d) that a density is to be made of.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace umkehr {

struct Dataset {
  std::vector<std::size_t> shape;
  std::vector<double> values;  ///< C order; integers and single precision are converted
};

/// Refuses a shape, by throwing, before values of it are read.
using ShapeCheck = std::function<void(const std::vector<std::size_t>& shape)>;

/// `dataset` is a path in the file, such as "x" or "forward/density". Throws ResultFileError.
Dataset read_dataset(const std::filesystem::path& file, const std::string& dataset,
                     const ShapeCheck& check = {});

}  // namespace umkehr
