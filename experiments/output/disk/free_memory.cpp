// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/disk/free_memory.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace umkehr {
namespace {

namespace fs = std::filesystem;
using Amount = std::optional<double>;

constexpr double no_limit = 0x1p60;  // version 1 writes a number near 2^63 where there is none

Amount least(Amount a, Amount b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

/// The number that a file holds; "max" is none.
Amount number_in(const fs::path& file) {
  std::ifstream in(file);
  double value = 0;
  if (!(in >> value) || value >= no_limit) return std::nullopt;
  return value;
}

Amount number_after(const fs::path& file, const std::string& name) {
  std::ifstream in(file);
  std::string word;
  for (double value = 0; in >> word >> value; in.ignore(80, '\n'))
    if (word == name) return value;
  return std::nullopt;
}

/// Of one group; what it caches of files can be given back.
Amount free_in(const fs::path& group, bool is_second) {
  const Amount limit = number_in(group / (is_second ? "memory.max" : "memory.limit_in_bytes"));
  const Amount used = number_in(group / (is_second ? "memory.current" : "memory.usage_in_bytes"));
  if (!limit || !used) return std::nullopt;
  const Amount cached =
      number_after(group / "memory.stat", is_second ? "inactive_file" : "total_inactive_file");
  return std::max(0.0, *limit - std::max(0.0, *used - cached.value_or(0)));
}

/// The group and all above it; in a container the group's own path may not be mounted, but its root is.
Amount free_up_from(const fs::path& mounted, const std::string& path, bool is_second) {
  Amount found = free_in(mounted, is_second);
  fs::path group = mounted;
  for (const fs::path& part : fs::path(path).relative_path()) {
    group /= part;
    found = least(found, free_in(group, is_second));
  }
  return found;
}

Amount free_in_system() {
  const Amount kibibytes = number_after("/proc/meminfo", "MemAvailable:");
  if (!kibibytes) return std::nullopt;
  return 1024 * *kibibytes;
}

Amount free_addresses() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  const double pages = number_in("/proc/self/statm").value_or(0);
  return std::max(0.0,
                  static_cast<double>(limit.rlim_cur) - pages * static_cast<double>(::sysconf(_SC_PAGESIZE)));
}

}  // namespace

std::optional<double> free_in_control_groups(const std::string& groups,
                                             const std::filesystem::path& mounted) {
  Amount found;
  std::istringstream lines(groups);
  for (std::string line; std::getline(lines, line);) {  // number:controllers:path
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string path = line.substr(second + 1);
    if (controllers == ",,") found = least(found, free_up_from(mounted, path, true));
    if (controllers.find(",memory,") != std::string::npos)
      found = least(found, free_up_from(mounted / "memory", path, false));
  }
  return found;
}

std::optional<double> free_memory() {
  std::ifstream in("/proc/self/cgroup");
  const std::string groups{std::istreambuf_iterator<char>(in), {}};
  return least(least(free_in_system(), free_addresses()), free_in_control_groups(groups, "/sys/fs/cgroup"));
}

}  // namespace umkehr
