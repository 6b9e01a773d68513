// SPDX-License-Identifier: GPL-3.0-or-later
// The result file: plain HDF5 that is also valid netCDF-4, byte-identical for equal results.
//
//   /            Conventions, title, source, experiment, schema_version (fixed-length UTF-8)
//   /TASK        the task's attributes; its coordinates (dimension scales t, x, ...) and variables (doubles),
//   each
//                with long_name, units = "1" and equation, every axis of it with exactly one scale
#pragma once

#include <filesystem>
#include <stdexcept>

#include "experiments/output/result.hpp"

namespace umkehr {

/// What readers may rely on; it changes when the layout above does.
inline constexpr char schema_version[] = "1";

/// A file that cannot be written or read, or is not a result of umkehr; what() names it and says why.
class ResultFileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws std::invalid_argument unless names are valid netCDF names, different from each other within a
/// group, and every variable has one value for each point of its dimensions, which are coordinates of its
/// group.
void check_result(const Result& result);

/// Written to a temporary name beside it, flushed to disk, then renamed: an older file stays whole until
/// then. A 2-D or 3-D result gets an .xdmf beside it. Throws ResultFileError and leaves nothing behind;
/// std::invalid_argument as check_result does.
void write_result(const Result& result, const std::filesystem::path& file);
/// Throws ResultFileError.
Result read_result(const std::filesystem::path& file);

}  // namespace umkehr
