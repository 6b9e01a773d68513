// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/shared/task.hpp"

#include <algorithm>

namespace umkehr {
namespace {

/// "score_*" fits "score_x".
bool fits(std::string_view pattern, std::string_view name) {
  return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1)) : pattern == name;
}

}  // namespace

const TaskVariable* TaskKind::find(std::string_view variable) const {
  const auto exact = std::find_if(writes.begin(), writes.end(),
                                  [&](const TaskVariable& one) { return one.name == variable; });
  const auto found =
      exact != writes.end() ? exact : std::find_if(writes.begin(), writes.end(), [&](const auto& one) {
        return fits(one.name, variable);
      });
  return found == writes.end() ? nullptr : &*found;
}

bool Task::is_written(const std::string& variable) const {
  return write.empty() || std::any_of(write.begin(), write.end(), [&](const std::string& one) {
           return one == variable || (variable.starts_with(one + "_") && kind->find(one) == nullptr);
         });
}

}  // namespace umkehr
