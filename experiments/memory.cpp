// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/memory.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "solver/kolmogorov/fokker_planck.hpp"

namespace umkehr {

namespace {

/// Bytes while a task runs, and those of its result that wait to be written.
struct Needed {
  double running = 0, kept = 0;
};

/// At about so many times a reversal keeps the law that it reverses.
constexpr double dense_times = 200;

Needed memory_of(const Task& task, const Experiment& experiment) {
  const double cells = static_cast<double>(experiment.grid.size()) * sizeof(double);
  const double times = static_cast<double>(experiment.times.size());
  const double axes = static_cast<double>(experiment.grid.dimension());
  const auto run = [&](const KolmogorovChoices& choices) {
    return static_cast<double>(estimate_memory(experiment.grid, experiment.times.size(), choices));
  };
  if (const auto* forward = std::get_if<FokkerPlanckTask>(&task.problem))
    return {run(forward->choices), (2 + axes + is_replayed(experiment, task.name)) * times * cells};
  if (const auto* backward = std::get_if<BackwardKolmogorovTask>(&task.problem))
    return {run(backward->choices), (backward->of.empty() ? 1 : 2) * times * cells};
  if (const auto* spectrum = std::get_if<SpectrumTask>(&task.problem)) {
    const double unknowns = std::min(cells / sizeof(double), static_cast<double>(most_spectral_unknowns));
    const bool is_dense = spectrum->choices.method != SpectrumMethod::finite_volume;
    const double count = static_cast<double>(spectrum->choices.count);
    return {is_dense ? 3 * unknowns * unknowns * sizeof(double) : 200 * cells, 4 * count * cells};
  }
  if (const auto* reverse = std::get_if<ReverseDiffusionTask>(&task.problem))
    return {3 * run(reverse->choices.kolmogorov) + dense_times * (1 + axes) * cells,
            (1 + axes) * times * cells};
  if (std::holds_alternative<HjbTask>(task.problem))
    return {(2 * (1 + axes) * times + 30) * cells, (1 + axes) * times * cells};
  if (const auto* bridge = std::get_if<SchroedingerBridgeTask>(&task.problem)) {
    const double size = cells / sizeof(double), fields = (3 + axes) * times * cells;
    return {fields + static_cast<double>(estimate_bridge_memory(experiment.grid, bridge->choices)),
            fields + (axes > 1 ? 0 : size * cells)};
  }
  if (std::holds_alternative<ActionGapTask>(task.problem)) return {150 * (2 + axes) * cells, 0};
  return {};
}

}  // namespace

double memory_of(const Experiment& experiment) {
  double largest = 0, kept = 0;
  for (const Task& task : experiment.tasks) {
    const Needed needed = memory_of(task, experiment);
    largest = std::max(largest, needed.running);
    kept += needed.kept;
  }
  return largest + kept;
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
