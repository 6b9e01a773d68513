// SPDX-License-Identifier: GPL-3.0-or-later
// Names of the dimensions of a sweep: the last part of the key. Where that is no name, or is that of an axis, of t, of
// another coordinate or variable of the results, or of another key's dimension, the part before it is put in front.
#include <algorithm>
#include <array>
#include <string_view>

#include "experiments/input/names.hpp"
#include "experiments/tasks/sweep/sweep_keys.hpp"

namespace umkehr {
namespace {

using Parts = std::vector<std::string>;

constexpr std::array<std::string_view, 8> own_coordinates = {"t", "index", "minimum", "k",
                                                             "l", "N",     "bnds",    "score"};

Parts parts_of(const std::string& key) {
  Parts parts(1);
  for (const char c : key) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  }
  return parts;
}

std::string last_of(const Parts& parts, std::size_t count) {
  std::string name;
  for (std::size_t n = parts.size() - count; n < parts.size(); ++n)
    name += (name.empty() ? "" : "_") + parts[n];
  return name;
}

bool is_of_axis(const std::string& name, const Experiment& experiment) {
  if (!experiment.has_process) return false;
  return std::ranges::any_of(experiment.grid.names(), [&](const std::string& axis) {
    return name == axis || name == axis + "_initial" || name == axis + "_final" || name == axis + "_bnds";
  });
}

bool is_of_task(const std::string& name, const Task& task) {
  const std::vector<TaskExtent> extents = task.extents();
  return task.kind->find(name) || std::any_of(extents.begin(), extents.end(), [&](const TaskExtent& extent) {
           return extent.coordinate == name;
         });
}

bool is_taken(const std::string& name, const Experiment& experiment) {
  return !is_name(name) ||
         std::find(own_coordinates.begin(), own_coordinates.end(), name) != own_coordinates.end() ||
         is_of_axis(name, experiment) ||
         std::any_of(experiment.tasks.begin(), experiment.tasks.end(),
                     [&](const auto& task) { return is_of_task(name, *task); });
}

/// Where all of a key is not enough.
std::string made_up(const std::string& name, std::size_t number) {
  const std::string longer = "sweep_" + name;
  return is_name(longer) && number == 0 ? longer : "sweep_" + std::to_string(number + 1);
}

}  // namespace

std::vector<std::string> names_of_dimensions(const std::vector<WrittenSweep>& sweeps,
                                             const Experiment& experiment) {
  std::vector<Parts> parts;
  for (const WrittenSweep& sweep : sweeps) parts.push_back(parts_of(sweep.key));
  std::vector<std::size_t> used(parts.size(), 1);
  std::vector<std::string> names(parts.size());
  const auto clashes = [&](std::size_t n) {
    return is_taken(names[n], experiment) || std::count(names.begin(), names.end(), names[n]) > 1;
  };
  for (bool is_settled = false; !is_settled;) {
    is_settled = true;
    for (std::size_t n = 0; n < parts.size(); ++n) names[n] = last_of(parts[n], used[n]);
    for (std::size_t n = 0; n < parts.size(); ++n)
      if (clashes(n) && used[n] < parts[n].size()) {
        ++used[n];
        is_settled = false;
      }
  }
  for (std::size_t n = 0; n < names.size(); ++n)
    for (std::size_t number = 0; clashes(n); ++number) names[n] = made_up(last_of(parts[n], used[n]), number);
  return names;
}

}  // namespace umkehr
