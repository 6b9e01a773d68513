// SPDX-License-Identifier: GPL-3.0-or-later
#include <sstream>

#include "experiments/tasks/task_kinds.hpp"

namespace umkehr {
namespace {

constexpr std::size_t indent = 25, line_width = 118;

std::string joined_words(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

std::string text_of_key(const TaskKind& kind, const TaskKey& key) {
  const std::string meaning = key.name == "method" ? joined_words(kind.methods) : key.meaning;
  return key.name + (meaning.empty() ? "" : " (" + meaning + ")");
}

std::string keys_of(const TaskKind& kind) {
  std::string all;
  for (const TaskKey& key : kind.keys) all += (all.empty() ? "" : ", ") + text_of_key(kind, key);
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
