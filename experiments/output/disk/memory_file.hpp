// SPDX-License-Identifier: GPL-3.0-or-later
// A file in memory, which processes started from here inherit: it takes no place, and nothing of it is left behind.
#pragma once

#include <filesystem>
#include <string>

namespace umkehr {

class MemoryFile {
 public:
  /// Throws std::system_error where the system has no room for it.
  explicit MemoryFile(const std::string& bytes);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  /// For this process and those that it starts.
  std::filesystem::path path() const;

 private:
  int file_;
};

}  // namespace umkehr
