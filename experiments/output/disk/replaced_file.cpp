// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/disk/replaced_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

#include "experiments/output/disk/unfinished.hpp"

namespace umkehr {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_with(int code) {
  throw std::system_error(code, std::generic_category());
}

// A link stays a link: what it points to is replaced, or made.
fs::path followed(const fs::path& target) {
  constexpr int max_links = 40;
  if (fs::exists(target)) return fs::canonical(target);
  fs::path path = fs::absolute(target);
  for (int n = 0; fs::is_symlink(path); ++n) {
    if (n == max_links) fail_with(ELOOP);
    path = path.parent_path() / fs::read_symlink(path);
  }
  return path;
}

void check_replaceable(const fs::path& target) {
  if (!fs::exists(target)) return;
  if (fs::is_directory(target)) fail_with(EISDIR);
  if (!fs::is_regular_file(target)) throw std::runtime_error("it is a device or a pipe, not a file");
  if (::faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) != 0) fail_with(errno);
}

// No one reads what is being written who could not read the older file.
mode_t mode_at_first(const fs::path& target) {
  struct stat older = {};
  if (::stat(target.c_str(), &older) != 0) return 0666;
  return (older.st_mode & 0666) | S_IRUSR | S_IWUSR;
}

fs::path create_beside(const fs::path& target) {
  const mode_t mode = mode_at_first(target);
  const unfinished::Hold hold;
  for (int n = 0;; ++n) {
    const fs::path candidate =
        target.parent_path() / (".umkehr-" + std::to_string(::getpid()) + "-" + std::to_string(n) + ".part");
    const int file = ::open(candidate.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file < 0 && (errno == EEXIST || errno == EINTR)) continue;
    if (file < 0) fail_with(errno);
    ::close(file);
    unfinished::note(candidate);
    return candidate;
  }
}

// What cannot be kept is none of the user's that could be kept: only the superuser gives files away.
void take_mode_and_owner(int file, const fs::path& target) {
  struct stat older = {}, newer = {};
  if (::stat(target.c_str(), &older) != 0 || ::fstat(file, &newer) != 0) return;
  const bool same = older.st_uid == newer.st_uid && older.st_gid == newer.st_gid;
  const bool kept = same || ::fchown(file, older.st_uid, older.st_gid) == 0 ||
                    (older.st_gid != newer.st_gid && ::fchown(file, uid_t(-1), older.st_gid) == 0);
  // A group that is not the older one gets nothing that was the older one's.
  const mode_t mode = older.st_mode & 0777;
  ::fchmod(file, kept ? mode : mode & ~mode_t{S_IRWXG});
}

int flushed(int file) {
  int code = 0;
  do code = ::fsync(file) == 0 ? 0 : errno;
  while (code == EINTR);
  // Some file systems do not know how to flush a folder; there is nothing more to be done there.
  return code == EINVAL ? 0 : code;
}

int open_to_flush(const fs::path& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) fail_with(errno);
  return file;
}

void flush_and_close(int file) {
  const int code = flushed(file);
  ::close(file);
  if (code != 0) fail_with(code);
}

}  // namespace

ReplacedFile::ReplacedFile(const fs::path& target) : target_(followed(target)) {
  check_replaceable(target_);
  is_replacing_ = fs::exists(target_);
  temporary_ = create_beside(target_);
}

ReplacedFile::~ReplacedFile() {
  if (committed_) return;
  const unfinished::Hold hold;
  ::unlink(temporary_.c_str());
  unfinished::forget(temporary_);
}

void ReplacedFile::flush() const {
  if (!is_replacing_) return;
  const int file = open_to_flush(temporary_, O_RDONLY);
  take_mode_and_owner(file, target_);
  flush_and_close(file);
}

void ReplacedFile::commit() {
  const unfinished::Hold hold;
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail_with(errno);
  unfinished::forget(temporary_);
  committed_ = true;
}

void ReplacedFile::flush_folder() const {
  if (!is_replacing_) return;
  flush_and_close(open_to_flush(target_.parent_path(), O_RDONLY | O_DIRECTORY));
}

}  // namespace umkehr
