// SPDX-License-Identifier: GPL-3.0-or-later
// Another process that keeps one core busy while it lives.
#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

namespace umkehr {

class BusyCore {
 public:
  BusyCore() : child_(fork()) {
    if (child_ != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (std::atomic<unsigned> rounds = 0;;) ++rounds;
  }
  ~BusyCore() {
    if (child_ <= 0) return;
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  BusyCore(const BusyCore&) = delete;
  BusyCore& operator=(const BusyCore&) = delete;

 private:
  pid_t child_;
};

}  // namespace umkehr
