// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/swept.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "experiments/text/short_number.hpp"
#include "experiments/text/table.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_warnings = 50, longest_attribute = 1000, longest_value = 80;

const std::string missing = "-";  // of a run that lacks an attribute

bool is_there(const std::string& text) {
  return text != missing;
}

std::vector<std::string> names_of(const std::vector<Coordinate>& coordinates) {
  std::vector<std::string> names;
  for (const Coordinate& coordinate : coordinates) names.push_back(coordinate.name);
  return names;
}

/// Different texts, in the order of the runs; cut where an attribute would be too long to be read.
std::string joined_texts(const std::vector<std::string>& texts) {
  std::set<std::string> seen;
  std::string all;
  for (const std::string& text : texts) {
    if (!seen.insert(text).second) continue;
    if (all.size() + text.size() > longest_attribute) return all + "; ...";
    all += (all.empty() ? "" : "; ") + text;
  }
  return all;
}

/// One text a run, in their order, unless all that are there are the same.
std::string listed_texts(const std::vector<std::string>& texts) {
  const std::set<std::string> different(texts.begin(), texts.end());
  if (different.size() - different.count(missing) == 1)
    return *std::find_if(texts.begin(), texts.end(), is_there);
  std::string all;
  for (const std::string& text : texts) {
    if (all.size() + text.size() > longest_attribute) return all + "; ...";
    all += (all.empty() ? "" : "; ") + text;
  }
  return all;
}

std::size_t index_along(const std::vector<Coordinate>& keys, std::size_t run, std::size_t key) {
  for (std::size_t k = keys.size(); --k > key;) run /= keys[k].values.size();
  return run % keys[key].values.size();
}

bool is_swept_dimension(const Group& group, const std::string& name) {
  const Coordinate* coordinate = group.coordinate(name);
  return coordinate != nullptr && !coordinate->swept_key.empty();
}

/// A run's part of a variable; whether there is anything but NaN in it.
bool take_run(const Group& group, std::size_t runs, std::size_t run, Variable& variable) {
  const auto is_of_sweep = [&](const std::string& name) { return is_swept_dimension(group, name); };
  if (std::none_of(variable.dimensions.begin(), variable.dimensions.end(), is_of_sweep)) return true;
  std::erase_if(variable.dimensions, is_of_sweep);
  const std::size_t size = variable.values.size() / runs;
  const auto first = variable.values.begin() + static_cast<std::ptrdiff_t>(run * size);
  variable.values = std::vector<double>(first, first + static_cast<std::ptrdiff_t>(size));
  return !std::all_of(variable.values.begin(), variable.values.end(), [](double x) { return std::isnan(x); });
}

}  // namespace

SweptGroup::SweptGroup(std::vector<Coordinate> keys) : keys_(std::move(keys)) {
  runs_ = count_runs(keys_);
}

void SweptGroup::check_coordinates(const Group& group) {
  for (const Coordinate& coordinate : group.coordinates) {
    const auto known = std::find_if(coordinates_.begin(), coordinates_.end(),
                                    [&](const Coordinate& one) { return one.name == coordinate.name; });
    if (known == coordinates_.end()) {
      coordinates_.push_back(coordinate);
      continue;
    }
    if (known->values != coordinate.values)
      throw ShapeChanged("changes the coordinate \"" + coordinate.name + "\" (" +
                         std::to_string(coordinate.values.size()) + " values against " +
                         std::to_string(known->values.size()) +
                         (known->values.size() == coordinate.values.size() ? ", but others" : "") +
                         "), and one file holds one of them; solve these runs apart");
    if (known->bounds.empty()) known->bounds = coordinate.bounds;
  }
}

void SweptGroup::take_values(const std::vector<std::size_t>& runs, Variable& variable, Group& group) {
  std::vector<double> values = std::move(variable.values);
  const auto [place, is_new] = variables_.try_emplace(variable.name, variable);
  Variable& all = place->second;
  if (!is_new &&
      !std::equal(variable.dimensions.begin(), variable.dimensions.end(),
                  all.dimensions.begin() + static_cast<std::ptrdiff_t>(keys_.size()), all.dimensions.end()))
    throw ShapeChanged("changes the dimensions of " + group.name + "/" + variable.name);
  if (is_new) {
    const std::vector<std::string> names = names_of(keys_);
    all.dimensions.insert(all.dimensions.begin(), names.begin(), names.end());
    all.values.assign(runs_ * values.size(), std::numeric_limits<double>::quiet_NaN());
  }
  if (all.cell_methods != variable.cell_methods) all.cell_methods = {};
  for (const std::size_t run : runs)
    std::copy(values.begin(), values.end(),
              all.values.begin() + static_cast<std::ptrdiff_t>(run * values.size()));
}

void SweptGroup::put(const std::vector<std::size_t>& runs, Group group) {
  check_coordinates(group);
  name_ = group.name;
  is_alike_ = runs_ > 1 && runs.size() == runs_;
  Outline outline{names_of(group.coordinates), {}, {}, group.attributes, group.warnings};
  for (Variable& variable : group.variables) {
    outline.variables.push_back(variable.name);
    outline.long_names.push_back(variable.long_name);
    take_values(runs, variable, group);
  }
  for (const std::size_t run : runs) outlines_[run] = outline;
}

/// Coordinates, long names and attributes in the order of the runs.
void SweptGroup::describe(Group& group) {
  std::map<std::string, std::vector<std::string>> long_names, attributes;
  std::vector<std::string> order;
  for (const auto& [run, outline] : outlines_) {
    for (const std::string& name : outline.coordinates)
      if (group.coordinate(name) == nullptr)
        group.coordinates.push_back(*std::find_if(coordinates_.begin(), coordinates_.end(),
                                                  [&](const Coordinate& one) { return one.name == name; }));
    for (std::size_t n = 0; n < outline.variables.size(); ++n) {
      std::vector<std::string>& names = long_names[outline.variables[n]];
      if (names.empty()) order.push_back(outline.variables[n]);
      names.push_back(outline.long_names[n]);
    }
    for (const auto& [name, text] : outline.attributes)
      attributes.try_emplace(name, runs_, missing).first->second[run] = text;
  }
  for (const std::string& name : order) {
    group.variables.push_back(std::move(variables_.at(name)));
    group.variables.back().long_name = joined_texts(long_names[name]);
  }
  for (const auto& [name, texts] : attributes) group.attributes[name] = listed_texts(texts);
}

/// Those of all runs once, others with the values of their run.
std::vector<std::string> SweptGroup::all_warnings() const {
  std::map<std::string, std::size_t> counts;
  for (const auto& [run, outline] : outlines_)
    for (const std::string& warning : outline.warnings) ++counts[warning];
  std::vector<std::string> all;
  std::set<std::string> told;
  for (const auto& [run, outline] : outlines_)
    for (const std::string& warning : outline.warnings) {
      const bool is_of_all = counts[warning] == outlines_.size();
      if (is_of_all && !told.insert(warning).second) continue;
      all.push_back(is_of_all ? warning : "with " + values_of_run(keys_, run) + ": " + warning);
    }
  if (const std::size_t count = all.size(); count > max_warnings) {
    all.resize(max_warnings);
    all.push_back("and " + std::to_string(count - max_warnings) + " more");
  }
  return all;
}

Group SweptGroup::take_whole() {
  Group group{name_, keys_, {}, {}};
  describe(group);
  if (is_alike_) group.attributes["runs"] = "alike";
  group.warnings = all_warnings();
  return group;
}

std::vector<Coordinate> swept_keys(const Result& result) {
  std::vector<Coordinate> keys;
  if (!result.groups.empty())
    std::copy_if(result.groups.front().coordinates.begin(), result.groups.front().coordinates.end(),
                 std::back_inserter(keys), [](const Coordinate& one) { return !one.swept_key.empty(); });
  return keys;
}

bool is_swept(const Result& result) {
  return !swept_keys(result).empty();
}

std::size_t count_runs(const std::vector<Coordinate>& keys) {
  std::size_t runs = 1;
  for (const Coordinate& key : keys) runs *= key.values.size();
  return runs;
}

std::string values_of_run(const std::vector<Coordinate>& keys, std::size_t run) {
  std::string text;
  for (std::size_t k = 0; k < keys.size(); ++k) {
    const std::size_t n = index_along(keys, run, k);
    text +=
        (text.empty() ? "" : ", ") + keys[k].name + " = " +
        (keys[k].texts.empty() ? short_number(keys[k].values[n]) : keys[k].texts[n].substr(0, longest_value));
  }
  return text;
}

Result run_of(const Result& swept, std::size_t run) {
  const std::size_t runs = count_runs(swept_keys(swept));
  Result result{swept.title, swept.source, "", {}, swept.failed};
  for (const Group& of_all : swept.groups) {
    Group group{of_all.name, {}, {}, of_all.attributes, of_all.warnings};
    for (const Coordinate& coordinate : of_all.coordinates)
      if (coordinate.swept_key.empty()) group.coordinates.push_back(coordinate);
    for (Variable variable : of_all.variables)
      if (take_run(of_all, runs, run, variable)) group.variables.push_back(std::move(variable));
    if (!group.variables.empty()) result.groups.push_back(std::move(group));
  }
  return result;
}

}  // namespace umkehr
