// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>
#include <vector>

namespace umkehr {

/// A warning is told once, with the numbers of the first time at which it appears.
class ToldWarnings {
 public:
  void add(std::vector<std::string> found, std::vector<std::string>& all);

 private:
  std::set<std::string> told_;  // without their numbers
};

}  // namespace umkehr
