// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/disk/unfinished.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <mutex>
#include <set>
#include <string>
#include <system_error>

namespace umkehr::unfinished {
namespace {

namespace fs = std::filesystem;

struct Registry {
  std::recursive_mutex mutex;
  std::set<fs::path> files;
  pid_t child = 0;
  fs::path folder;
};

// Never destroyed: a signal may come while the process leaves main().
Registry& registry() {
  static Registry& only = *new Registry;
  return only;
}

void remove_files_of(pid_t child, const fs::path& folder) {
  const std::string ending = "." + std::to_string(child);
  std::error_code code;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(".") && name.ends_with(ending)) ::unlink(entry->path().c_str());
  }
}

void kill_child(pid_t child) {
  ::kill(-child, SIGKILL);
  ::kill(child, SIGKILL);  // it may not lead a group yet
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
}

}  // namespace

Hold::Hold() {
  registry().mutex.lock();
}

Hold::~Hold() {
  registry().mutex.unlock();
}

void note(const fs::path& temporary) {
  registry().files.insert(temporary);
}

void forget(const fs::path& temporary) {
  registry().files.erase(temporary);
}

void note_child(pid_t child, const fs::path& folder) {
  registry().folder = folder;
  registry().child = child;
}

void forget_child() {
  registry().child = 0;
}

void remove_for_good() {
  Registry& all = registry();
  all.mutex.lock();
  for (const fs::path& file : all.files) ::unlink(file.c_str());
  if (all.child == 0) return;
  kill_child(all.child);
  remove_files_of(all.child, all.folder);
}

}  // namespace umkehr::unfinished
