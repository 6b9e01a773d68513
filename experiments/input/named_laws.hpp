// SPDX-License-Identifier: GPL-3.0-or-later
// Laws with a name: a table [law.NAME] gives a density once, and wherever a density is asked for, the string "NAME"
// stands for it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "experiments/input/law_input.hpp"

namespace umkehr {

class NamedLaws {
 public:
  NamedLaws() = default;
  /// All tables in `tables`, the value of `law`, whether anybody uses them or not. Throws as read_law does.
  NamedLaws(TomlValue& tables, const LawInput& input);

  /// The law of that name. Throws ExperimentError where there is none.
  const Law& named(const TomlValue& name, const std::string& key) const;

 private:
  std::vector<std::pair<std::string, Law>> laws_;  // in the order of the text
};

}  // namespace umkehr
