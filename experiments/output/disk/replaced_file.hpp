// SPDX-License-Identifier: GPL-3.0-or-later
// A file that appears under its name whole or not at all: written under another name in the same folder and renamed; a
// signal that ends the process leaves no temporary file. Where it takes the place of an older one it is flushed to disk
// first, and the folder after, so that a power cut leaves one or the other; where there was none the system flushes in
// its own time, which for 160 MB is more than they took to solve. (A flush by the HDF5 library alone outlives neither.)
#pragma once

#include <filesystem>

namespace umkehr {

class ReplacedFile {
 public:
  /// Makes an empty temporary file beside `target`, or beside what a link of that name points to, there or not.
  /// Throws std::system_error where that cannot be, also if `target` is something else than a file or may not be
  /// written.
  explicit ReplacedFile(const std::filesystem::path& target);
  /// Removes the temporary file unless it was committed.
  ~ReplacedFile();
  ReplacedFile(const ReplacedFile&) = delete;
  ReplacedFile& operator=(const ReplacedFile&) = delete;

  const std::filesystem::path& temporary() const { return temporary_; }
  /// Gives what was written the mode (and where allowed the owner) of the older file if there is one, and flushes it to
  /// disk. Throws std::system_error.
  void flush() const;
  /// Puts it in the place of the target, whose older contents stay whole until then. Throws
  /// std::system_error.
  void commit();
  /// Flushes the folder, so that the new name outlives a power cut. Throws std::system_error.
  void flush_folder() const;

 private:
  std::filesystem::path target_;
  std::filesystem::path temporary_;
  bool is_replacing_ = false;
  bool committed_ = false;
};

}  // namespace umkehr
