// SPDX-License-Identifier: GPL-3.0-or-later
// The result file: plain HDF5 that is also valid netCDF-4, byte-identical for equal results.
#pragma once

#include <filesystem>
#include <stdexcept>

#include "experiments/output/result.hpp"

namespace umkehr {

/// A file that cannot be written or read, or is not a result of umkehr; what() names it and says why.
class ResultFileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Written to a temporary name beside it, flushed to disk, then renamed: an older file stays whole until then.
/// A 2-D or 3-D result gets an .xdmf beside it. Throws ResultFileError and leaves nothing behind.
void write_result(const Result& result, const std::filesystem::path& file);
Result read_result(const std::filesystem::path& file);

}  // namespace umkehr
