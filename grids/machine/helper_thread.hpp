// SPDX-License-Identifier: GPL-3.0-or-later
// Threads that help until the process ends.
#pragma once

#include <chrono>

namespace umkehr::team {

/// Starts `serve` on a thread of its own that signals do not reach; false where the system has no thread to give.
bool start_helper_thread(void* (*serve)(void*), void* own);

/// How long helpers wait awake, for which a core is theirs at once, before they sleep.
std::chrono::nanoseconds time_awake();

}  // namespace umkehr::team
