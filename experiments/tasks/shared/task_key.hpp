// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of a task as its file lists them: reading (task_reader.hpp), messages and help go by this list alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/input/reading.hpp"
#include "experiments/text/toml_value.hpp"

namespace umkehr {

struct TaskKey {
  enum class Type { number, numbers, count, word, formula, density, task, other };

  std::string name;
  Type type;
  std::string meaning;    ///< what it is, in the words that ask for a missing one
  std::string help = {};  ///< what help puts beside the name; empty where name and words say all
  Range range = {};       ///< of numbers and counts
  std::optional<TomlValue> usual = {};  ///< the default; nothing: none, or one that the problem decides
  std::vector<std::string> words = {};  ///< that a word may be, in the order of their enumeration
};

using TaskKeys = std::vector<TaskKey>;

TaskKeys operator+(TaskKeys keys, const TaskKeys& more);
/// From `least` to `most`.
Range count_range(std::size_t least, std::size_t most);
/// Defaults.
inline TomlValue usual_count(std::size_t n) {
  return TomlValue::of(static_cast<std::int64_t>(n));
}

/// As help has it: "order (of path integrals, 1 or 2)".
std::string text_of(const TaskKey& key);

}  // namespace umkehr
