// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/registry.hpp"

#include <algorithm>
#include <sstream>

/// A line a kind: NAME stands for TaskKind NAME_task(), which is in NAME.cpp. Who adds one copies the shortest file, adds a
/// line here, a row to the README and an example to validation/unit/task_kinds.cpp, which says what is forgotten.
// clang-format off
#define UMKEHR_TASKS(kind)  \
  kind(fokker_planck)       \
  kind(backward_kolmogorov) \
  kind(spectrum)            \
  kind(hjb)                 \
  kind(most_probable_path)  \
  kind(schroedinger_bridge) \
  kind(reverse_diffusion)   \
  kind(action_gap)          \
  kind(particles)           \
  kind(cells)
// clang-format on

namespace umkehr {

#define UMKEHR_DECLARE(name) TaskKind name##_task();
UMKEHR_TASKS(UMKEHR_DECLARE)

namespace {

constexpr std::size_t indent = 25, line_width = 118;

std::string keys_of(const TaskKind& kind) {
  std::string all;
  for (const TaskKey& key : kind.keys) all += (all.empty() ? "" : ", ") + text_of(key);
  return all;
}

/// Words, broken before `line_width` and indented from the second line on.
std::string wrapped(const std::string& first, const std::string& text) {
  std::string all, line = first;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (line.size() + 1 + word.size() > line_width) {
      all += line + "\n";
      line = std::string(indent, ' ') + word;
    } else {
      line += (line.size() == indent ? "" : " ") + word;
    }
  }
  return all + line + "\n";
}

}  // namespace

const std::vector<TaskKind>& task_kinds() {
#define UMKEHR_KIND(name) name##_task(),
  static const std::vector<TaskKind> kinds = {UMKEHR_TASKS(UMKEHR_KIND)};
  return kinds;
}

std::vector<std::string> task_kind_names() {
  std::vector<std::string> names;
  for (const TaskKind& kind : task_kinds()) names.push_back(kind.name);
  return names;
}

const TaskKind& task_kind(const std::string& name) {
  const auto& kinds = task_kinds();
  return *std::find_if(kinds.begin(), kinds.end(), [&](const TaskKind& kind) { return kind.name == name; });
}

bool is_written_by_a_task(std::string_view variable) {
  const auto& kinds = task_kinds();
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](const TaskKind& kind) { return kind.find(variable) != nullptr; });
}

std::string task_kinds_help() {
  std::string all;
  for (const TaskKind& kind : task_kinds()) {
    std::string first = "    " + kind.name;
    first.resize(indent, ' ');
    all += wrapped(first, keys_of(kind));
  }
  return all;
}

}  // namespace umkehr
