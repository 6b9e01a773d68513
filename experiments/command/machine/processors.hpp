// SPDX-License-Identifier: GPL-3.0-or-later
// The processors that a run may use, and its threads.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace umkehr {

/// Processors that this process is allowed on, or that the quota of its control group amounts to, if that is less.
int processors();

/// The quota of a control group or of one that it is in, in processors; `name` as /proc/self/cgroup has it.
std::optional<double> processor_quota(const std::filesystem::path& groups, const std::string& name);

/// As many threads as were asked for, here or by OMP_NUM_THREADS, but no more than there are processors; says so if it
/// takes fewer: more would only wait for each other.
std::optional<std::string> choose_threads(std::optional<int> asked);

}  // namespace umkehr
