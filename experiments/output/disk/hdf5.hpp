// SPDX-License-Identifier: GPL-3.0-or-later
// The few things that reading and writing share of the HDF5 library: identifiers that close themselves,
// failures as exceptions, and files of one fixed format.
#pragma once

#include <hdf5.h>

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace umkehr::hdf5 {

/// A call of the library that failed; what() is the system's or the library's own reason.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An identifier, closed at the end of its scope.
class Id {
 public:
  using Closer = herr_t (*)(hid_t);
  /// Throws Error if `id` is that of a failed call.
  Id(hid_t id, Closer closer);
  Id(Id&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)), closer_(other.closer_) {}
  Id& operator=(Id&&) = delete;
  ~Id();
  operator hid_t() const { return id_; }
  /// Closes now. Throws Error if that fails, as it does when the last bytes cannot be written.
  void close();

 private:
  hid_t id_;
  Closer closer_;
};

/// Throws Error if a call failed; gives its answer back otherwise.
template <typename Status>
Status check(Status status);

/// While it lives the library prints nothing and SIGXFSZ (a file beyond the user's limit) is an error like
/// another.
class Quiet {
 public:
  Quiet();
  ~Quiet();
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

 private:
  H5E_auto2_t print_ = nullptr;
  void* print_data_ = nullptr;
  void (*too_large_)(int) = nullptr;
};

Id create_file(const std::filesystem::path& file);
Id create_in_memory();
Id open_file(const std::filesystem::path& file);
/// Creation list of a dataset or group: attributes (and links) in order of creation, no times.
Id creation_list(hid_t kind);
/// UTF-8 of fixed length.
Id string_type(std::size_t length);
Id space_of(const std::vector<hsize_t>& shape);

}  // namespace umkehr::hdf5
