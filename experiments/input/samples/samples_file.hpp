// SPDX-License-Identifier: GPL-3.0-or-later
// Samples out of a file: HDF5, a table of text (.csv), or one array of NumPy (.npy). What it is shows in its first bytes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace umkehr {

enum class SamplesFormat { hdf5, text, npy };

/// By the first bytes, and for what these do not tell by the ending. Throws ResultFileError for a file of another kind.
SamplesFormat samples_format(const std::filesystem::path& file);

struct Samples {
  std::vector<std::size_t> shape;  ///< (N) or (N, d)
  std::vector<double> values;      ///< C order
  std::vector<std::size_t> lines;  ///< of a text: where each row stands, counted from 1

  /// "row 3 (the first is 0)" or "line 7", of value i.
  std::string place(std::size_t i) const;
};

/// May refuse a shape, by throwing, before its values are read.
using CheckShape = std::function<void(const std::vector<std::size_t>& shape)>;

/// Lines of numbers between commas, semicolons or blanks; one line of names may head them; # begins a remark. Numbers are
/// written with a point whatever the locale. Throws ResultFileError with line and column.
Samples parse_samples_text(const std::string& text, const std::string& name, const CheckShape& check);
/// Versions 1 to 3, reals and integers of 1 to 8 bytes, either order of bytes and of axes. Throws ResultFileError.
Samples parse_samples_npy(const std::string& bytes, const std::string& name, const CheckShape& check);

/// Of a text or .npy file of at most 1 GiB.
Samples read_samples_file(const std::filesystem::path& file, SamplesFormat format, const CheckShape& check);

}  // namespace umkehr
