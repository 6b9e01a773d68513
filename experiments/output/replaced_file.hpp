// SPDX-License-Identifier: GPL-3.0-or-later
// A file that appears under its name whole or not at all: written under another name in the same folder,
// flushed to disk, renamed, and the folder flushed. (A flush by the HDF5 library alone does not outlive a
// kill or a power cut.)
#pragma once

#include <filesystem>

namespace umkehr {

class ReplacedFile {
 public:
  /// Makes an empty temporary file beside `target`. Throws std::system_error where that cannot be, also if
  /// `target` is something else than a file.
  explicit ReplacedFile(const std::filesystem::path& target);
  /// Removes the temporary file unless it was committed.
  ~ReplacedFile();
  ReplacedFile(const ReplacedFile&) = delete;
  ReplacedFile& operator=(const ReplacedFile&) = delete;

  const std::filesystem::path& temporary() const { return temporary_; }
  /// Flushes what was written to disk. Throws std::system_error.
  void flush() const;
  /// Puts it in the place of the target, whose older contents stay whole until then. Throws
  /// std::system_error.
  void commit();

 private:
  std::filesystem::path target_;
  std::filesystem::path temporary_;
  bool committed_ = false;
};

}  // namespace umkehr
