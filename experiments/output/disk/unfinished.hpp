// SPDX-License-Identifier: GPL-3.0-or-later
// What must not be left behind however the process ends: files under temporary names, and a child that draws.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace umkehr::unfinished {

/// While one lives the process does not end by a signal, and no other thread makes, renames or removes a temporary
/// file: what is done together under it is not cut in the middle. May be held several times by one thread.
class Hold {
 public:
  Hold();
  ~Hold();
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;
};

/// A file that exists but is not yet what it will be. Both under a Hold that also makes, or removes or renames, it.
void note(const std::filesystem::path& temporary);
void forget(const std::filesystem::path& temporary);

/// A child that leads its own process group and keeps temporary files `.NAME.PID` in `folder`. Under a Hold that also
/// starts, or reaps, it.
void note_child(pid_t child, const std::filesystem::path& folder);
void forget_child();

/// Kills the child and removes its files and all that was noted. The calling thread keeps what a Hold has for good:
/// whoever comes later waits until the process ends.
void remove_for_good();

}  // namespace umkehr::unfinished
