// SPDX-License-Identifier: GPL-3.0-or-later
#include <cctype>
#include <set>
#include <stdexcept>

#include "experiments/output/result_file.hpp"

namespace umkehr {
namespace {

bool is_name(const std::string& text, bool is_group) {
  if (text.empty() || !std::isalpha(static_cast<unsigned char>(text[0]))) return false;
  // A group may bear the name of what its task solves, such as "fokker-planck".
  for (const char c : text)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && !(is_group && c == '-')) return false;
  return true;
}

void check_name(const std::string& name, std::set<std::string>& taken, bool is_group = false) {
  if (!is_name(name, is_group))
    throw std::invalid_argument("\"" + name + "\" cannot be a name in a result file");
  if (!taken.insert(name).second) throw std::invalid_argument("\"" + name + "\" is there twice");
}

void check_variable(const Group& group, const Variable& variable) {
  std::size_t count = 1;
  for (const std::string& dimension : variable.dimensions) {
    const Coordinate* coordinate = group.coordinate(dimension);
    if (coordinate == nullptr)
      throw std::invalid_argument(group.name + "/" + variable.name + ": no coordinate " + dimension);
    count *= coordinate->values.size();
  }
  if (count != variable.values.size())
    throw std::invalid_argument(group.name + "/" + variable.name + ": " +
                                std::to_string(variable.values.size()) + " values for " +
                                std::to_string(count) + " points");
}

}  // namespace

void check_result(const Result& result) {
  std::set<std::string> groups;
  for (const Group& group : result.groups) {
    check_name(group.name, groups, true);
    std::set<std::string> names;
    for (const Coordinate& coordinate : group.coordinates) {
      check_name(coordinate.name, names);
      if (coordinate.values.empty())
        throw std::invalid_argument(coordinate.name + ": a coordinate without values");
    }
    for (const Variable& variable : group.variables) {
      check_name(variable.name, names);
      if (variable.is_written) check_variable(group, variable);
    }
  }
}

}  // namespace umkehr
