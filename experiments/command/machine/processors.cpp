// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/machine/processors.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>

namespace umkehr {
namespace {

/// From "QUOTA PERIOD" or "max PERIOD" (version 2), or from two files (version 1, where a quota of -1 is none).
std::optional<double> quota_of(const std::filesystem::path& group) {
  double quota = 0, period = 0;
  if (std::ifstream(group / "cpu.max") >> quota >> period && period > 0) return quota / period;
  if (std::ifstream(group / "cpu.cfs_quota_us") >> quota &&
      std::ifstream(group / "cpu.cfs_period_us") >> period && quota > 0 && period > 0)
    return quota / period;
  return std::nullopt;
}

/// "NUMBER:CONTROLLERS:NAME" for the group that rules processors, the last of which is version 2's with none named.
std::optional<double> own_quota() {
  std::optional<double> least;
  std::ifstream file("/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    if (controllers != ",," && controllers.find(",cpu,") == std::string::npos) continue;
    const std::filesystem::path root = controllers == ",," ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu";
    const std::optional<double> quota = processor_quota(root, line.substr(second + 1));
    if (quota) least = std::min(least.value_or(*quota), *quota);
  }
  return least;
}

std::string text_of(int count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

std::optional<double> processor_quota(const std::filesystem::path& groups, const std::string& name) {
  std::optional<double> least = quota_of(groups);
  std::filesystem::path group = groups;
  for (const std::filesystem::path& part : std::filesystem::path(name).relative_path()) {
    group /= part;
    if (const std::optional<double> quota = quota_of(group)) least = std::min(least.value_or(*quota), *quota);
  }
  return least;
}

int processors() {
  const int allowed = omp_get_num_procs();
  const std::optional<double> quota = own_quota();
  if (!quota || *quota >= allowed) return allowed;
  return std::max(1, static_cast<int>(std::ceil(*quota)));
}

std::optional<std::string> choose_threads(std::optional<int> asked) {
  const bool by_environment = !asked && std::getenv("OMP_NUM_THREADS") != nullptr;
  const int wanted = asked.value_or(omp_get_max_threads()), most = processors();
  omp_set_num_threads(std::min(wanted, most));
  if (wanted <= most || (!asked && !by_environment)) return std::nullopt;
  return std::string(asked ? "--threads " : "OMP_NUM_THREADS=") + std::to_string(wanted) + ": uses " +
         text_of(most, "thread") + ", as there " + (most == 1 ? "is " : "are ") + text_of(most, "processor") +
         " for it; more would only take turns";
}

}  // namespace umkehr
