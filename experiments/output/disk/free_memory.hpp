// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace umkehr {

/// Bytes that this process could still take: the least of what the system, its control groups (cgroups of both versions, up
/// the tree) and its own limit of addresses leave; nothing where none of them says.
std::optional<double> free_memory();

/// What a control group of either version and those above it leave, from the text of /proc/self/cgroup and the folder in
/// which groups are mounted.
std::optional<double> free_in_control_groups(const std::string& groups, const std::filesystem::path& mounted);

}  // namespace umkehr
