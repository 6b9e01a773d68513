// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/memory.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace umkehr {

double memory_of(const Experiment& experiment) {
  const double fields = 2.0 + static_cast<double>(experiment.grid.dimension());
  const double kept = fields * static_cast<double>(experiment.times.size() * sizeof(double)) *
                      static_cast<double>(experiment.grid.size());
  double largest = 0;
  for (const FokkerPlanckTask& task : experiment.tasks)
    largest = std::max(largest, static_cast<double>(
                                    estimate_memory(experiment.grid, experiment.times.size(), task.choices)));
  return largest + kept * static_cast<double>(experiment.tasks.size());
}

std::optional<double> free_memory() {
  std::ifstream file("/proc/meminfo");
  std::string name;
  double kibibytes = 0;
  for (std::string unit; file >> name >> kibibytes;) {
    if (name == "MemAvailable:") return 1024 * kibibytes;
    std::getline(file, unit);
  }
  return std::nullopt;
}

std::string size_text(double bytes) {
  const char* units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit < 5; ++unit) bytes /= 1024;
  char text[40];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
  return text;
}

}  // namespace umkehr
