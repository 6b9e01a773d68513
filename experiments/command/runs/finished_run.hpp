// SPDX-License-Identifier: GPL-3.0-or-later
// The end of a run, and what it says on the way there.
#pragma once

#include <chrono>
#include <string>

#include "experiments/command/runs/solved_run.hpp"
#include "experiments/command/runs/verbs.hpp"

namespace umkehr {

/// Lines on standard error.
void warn(const std::string& warning);
void note(const std::string& remark);

/// Throws OutOfMemory if so many bytes are not free.
void check_memory(double needed);

/// Writes the result of what began at `start`, prints it, and returns the exit code.
int write_and_print(SolvedRun& solved, const RunOptions& options,
                    std::chrono::steady_clock::time_point start);

}  // namespace umkehr
