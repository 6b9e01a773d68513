// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/shared/task_key.hpp"

namespace umkehr {

TaskKeys operator+(TaskKeys keys, const TaskKeys& more) {
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

Range count_range(std::size_t least, std::size_t most) {
  return {static_cast<double>(least), static_cast<double>(most), true, true};
}

std::string text_of(const TaskKey& key) {
  std::string beside = key.help;
  if (beside.empty())
    for (const std::string& word : key.words) beside += (beside.empty() ? "" : ", ") + word;
  return key.name + (beside.empty() ? "" : " (" + beside + ")");
}

}  // namespace umkehr
