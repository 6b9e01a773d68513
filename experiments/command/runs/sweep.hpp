// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep from its experiments to its result: runs are independent, and as many are solved at once as there are threads,
// each on one thread. Values do not depend on how many that are.
#pragma once

#include <chrono>
#include <filesystem>

#include "experiments/command/runs/budget.hpp"
#include "experiments/command/runs/verbs.hpp"
#include "experiments/tasks/sweep/sweep_input.hpp"

namespace umkehr {

/// Bytes that all runs take, so many of them at once.
double memory_of(const Sweep& sweep);
/// Seconds on so many threads as there are, to an order of magnitude.
double seconds_of(const Sweep& sweep);

/// Solves, writes and prints all; returns the exit code. Throws as a single run does, with the values of the run that
/// failed; with --keep-going that is noted instead.
int run_sweep(const Sweep& sweep, const RunOptions& options, const std::filesystem::path& output,
              Budget& budget, std::chrono::steady_clock::time_point start);

}  // namespace umkehr
