// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/replaced_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace umkehr {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(int code) {
  throw std::system_error(code, std::generic_category());
}

// A link stays a link: what it points to is replaced.
fs::path followed(const fs::path& target) {
  return fs::is_symlink(target) && fs::exists(target) ? fs::canonical(target) : fs::absolute(target);
}

fs::path create_beside(const fs::path& target) {
  for (int n = 0;; ++n) {
    const fs::path candidate =
        target.parent_path() / (".umkehr-" + std::to_string(::getpid()) + "-" + std::to_string(n) + ".part");
    const int file = ::open(candidate.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0 && errno == EEXIST) continue;
    if (file < 0) fail(errno);
    ::close(file);
    return candidate;
  }
}

void flush_to_disk(const fs::path& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) fail(errno);
  const int code = ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  // Some file systems do not know how to flush a folder; there is nothing more to be done there.
  if (code != 0 && code != EINVAL) fail(code);
}

}  // namespace

ReplacedFile::ReplacedFile(const fs::path& target) : target_(followed(target)) {
  if (fs::is_directory(target_)) fail(EISDIR);
  if (fs::exists(target_) && !fs::is_regular_file(target_))
    throw std::runtime_error("it is a device or a pipe, not a file");
  temporary_ = create_beside(target_);
}

ReplacedFile::~ReplacedFile() {
  if (!committed_) ::unlink(temporary_.c_str());
}

void ReplacedFile::flush() const {
  flush_to_disk(temporary_, O_RDONLY);
}

void ReplacedFile::commit() {
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
  committed_ = true;
  flush_to_disk(target_.parent_path(), O_RDONLY | O_DIRECTORY);
}

}  // namespace umkehr
