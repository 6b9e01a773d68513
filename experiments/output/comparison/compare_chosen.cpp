// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>

#include "experiments/output/comparison/compare.hpp"

namespace umkehr {

std::vector<std::string> names_to_choose(const Comparison& comparison) {
  std::set<std::string> names;
  for (const VariableComparison& one : comparison.variables) {
    names.insert(one.group);
    if (one.name.empty()) continue;
    names.insert(one.name);
    names.insert(one.group + "/" + one.name);
  }
  return {names.begin(), names.end()};
}

Comparison chosen(const Comparison& comparison, const std::vector<std::string>& names) {
  Comparison out{{}, comparison.remarks};
  for (const VariableComparison& one : comparison.variables)
    if (std::any_of(names.begin(), names.end(), [&](const std::string& name) {
          return name == one.group || name == one.name || name == one.group + "/" + one.name;
        }))
      out.variables.push_back(one);
  return out;
}

}  // namespace umkehr
