// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/samples/samples_file.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "experiments/output/result_file.hpp"

namespace umkehr {
namespace {

constexpr std::uintmax_t largest_file = 1U << 30U;
constexpr char hdf5_signature[] = "\x89HDF\r\n\x1a\n";
constexpr char npy_signature[] = "\x93NUMPY";
constexpr char zip_signature[] = "PK\x03\x04";

[[noreturn]] void refuse_file(const std::filesystem::path& file, const std::string& problem) {
  throw ResultFileError(file.string() + ": " + problem);
}

std::ifstream open(const std::filesystem::path& file) {
  if (!std::filesystem::is_regular_file(file)) refuse_file(file, "is not a file");
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) refuse_file(file, std::string("cannot be read: ") + std::strerror(errno != 0 ? errno : EIO));
  return stream;
}

std::string ending_of(const std::filesystem::path& file) {
  std::string ending = file.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending;
}

}  // namespace

SamplesFormat samples_format(const std::filesystem::path& file) {
  std::string first(8, '\0');
  std::ifstream stream = open(file);
  stream.read(first.data(), static_cast<std::streamsize>(first.size()));
  first.resize(static_cast<std::size_t>(stream.gcount()));
  if (first.starts_with(hdf5_signature)) return SamplesFormat::hdf5;
  if (first.starts_with(npy_signature)) return SamplesFormat::npy;
  if (first.starts_with(zip_signature))
    refuse_file(file, "is an archive, such as .npz; save one array with numpy.save");
  const std::string ending = ending_of(file);
  if (ending == ".npy") refuse_file(file, "does not begin like a .npy file; save the array with numpy.save");
  const bool is_text = ending == ".csv" || ending == ".txt" || ending == ".tsv" || ending == ".dat";
  return is_text ? SamplesFormat::text
                 : SamplesFormat::hdf5;  // HDF5 may begin later, behind a block of the user's
}

std::string Samples::place(std::size_t i) const {
  const std::size_t row = i / (shape.size() > 1 ? shape[1] : 1);
  return lines.empty() ? "row " + std::to_string(row) + " (the first is 0)"
                       : "line " + std::to_string(lines[row]);
}

Samples read_samples_file(const std::filesystem::path& file, SamplesFormat format, const CheckShape& check) {
  const std::uintmax_t size = std::filesystem::file_size(file);
  if (size > largest_file) refuse_file(file, "has " + std::to_string(size) + " bytes; at most 1 GiB");
  std::ifstream stream = open(file);
  std::string bytes(size, '\0');
  stream.read(bytes.data(), static_cast<std::streamsize>(size));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return format == SamplesFormat::npy ? parse_samples_npy(bytes, file.string(), check)
                                      : parse_samples_text(bytes, file.string(), check);
}

}  // namespace umkehr
