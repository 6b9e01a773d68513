// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/result.hpp"

#include <algorithm>

namespace umkehr {
namespace {

template <typename Named>
const Named* find_named(const std::vector<Named>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

const Variable* Group::find(const std::string& variable) const {
  return find_named(variables, variable);
}

const Coordinate* Group::coordinate(const std::string& coordinate_name) const {
  return find_named(coordinates, coordinate_name);
}

const Group* Result::find(const std::string& group) const {
  return find_named(groups, group);
}

}  // namespace umkehr
