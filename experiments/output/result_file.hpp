// SPDX-License-Identifier: GPL-3.0-or-later
// The result file: plain HDF5 that is also valid netCDF-4, byte-identical for equal results.
//
//   /            Conventions, title, source, experiment, schema_version, tasks: the names of the groups below
//                failed, where a run kept going: a line "TASK: why" for each that is not there
//   /TASK        the task's attributes, warnings among them; its coordinates (dimension scales t, x, ...; numbers of
//                something as integers) and variables (doubles), each with long_name, units = "1" and equation, every
//                axis of it with exactly one scale. Means over cells have cell_methods, and their axes bounds
//   /xdmf-scene  of a run in two or three dimensions: what the .xdmf shows, see scene_write.hpp
// All texts are UTF-8 of fixed length. Version 1 had neither tasks, bounds nor scene; it is read as well.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>

#include "experiments/output/result.hpp"

namespace umkehr {

class ReplacedFile;

/// What readers may rely on; it changes when the layout above does.
inline constexpr char schema_version[] = "2";
/// The bounds of the cells along x are x_bnds, on (x, bnds).
inline constexpr char bounds_axis[] = "bnds";
inline constexpr char bounds_suffix[] = "_bnds";

/// A file that cannot be written or read, or is not a result of umkehr; what() names it and says why.
class ResultFileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws std::invalid_argument unless names are valid netCDF names, different from each other within a
/// group, and every variable has one value for each point of its dimensions, which are coordinates of its
/// group.
void check_result(const Result& result);

/// A result on disk under temporary names, whole and flushed, which commit() puts in the place of an older one; a 2-D or
/// 3-D result has an .xdmf beside it. All throw ResultFileError and leave nothing behind; the constructor also
/// std::invalid_argument as check_result does.
class PreparedResult {
 public:
  PreparedResult(const Result& result, const std::filesystem::path& file);
  ~PreparedResult();
  /// Both files at once, as far as signals are concerned.
  void commit();
  /// So that it outlives a power cut, too.
  void flush_folder() const;

 private:
  std::filesystem::path file_;
  std::unique_ptr<ReplacedFile> data_, scene_;
};

/// The file of that name that a 2-D or 3-D result has beside it.
std::filesystem::path scene_beside(std::filesystem::path file);
/// Prepared and committed.
void write_result(const Result& result, const std::filesystem::path& file);
/// The bytes of such a file, of groups of any names, unchecked. Throws as above.
std::string image_of(const Result& result);
/// Throws ResultFileError. Coordinates ascend and are finite; every variable has the shape of its coordinates.
Result read_result(const std::filesystem::path& file);
/// The same without the values of the variables.
Result read_outline(const std::filesystem::path& file);
/// Values of a variable ("forward/density") at these indices of its first coordinates. Throws ResultFileError.
std::vector<double> read_values_at(const std::filesystem::path& file, const std::string& variable,
                                   const std::vector<std::size_t>& indices);

}  // namespace umkehr
