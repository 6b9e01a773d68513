// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/disk/memory_file.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace umkehr {

MemoryFile::MemoryFile(const std::string& bytes) : file_(::memfd_create("umkehr", 0)) {
  const char* next = bytes.data();
  for (std::size_t left = bytes.size(); file_ >= 0 && left > 0;) {
    const ssize_t written = ::write(file_, next, left);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    next += written;
    left -= static_cast<std::size_t>(written);
  }
  if (file_ < 0 || next != bytes.data() + bytes.size())
    throw std::system_error(errno, std::generic_category(), "a file in memory");
}

MemoryFile::~MemoryFile() {
  ::close(file_);
}

std::filesystem::path MemoryFile::path() const {
  return "/proc/self/fd/" + std::to_string(file_);
}

}  // namespace umkehr
