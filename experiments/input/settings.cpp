// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "experiments/input/reading.hpp"
#include "experiments/text/experiment_error.hpp"
#include "experiments/text/nearest.hpp"
#include "experiments/text/text_check.hpp"
#include "experiments/text/toml_text.hpp"

namespace umkehr {
namespace {

using Kind = TomlValue::Kind;

constexpr std::size_t deepest_key = 16;

[[noreturn]] void refuse_key(const Place& place, const std::string& problem) {
  throw ExperimentError(place.text() + ": " + problem);
}

std::vector<std::string> split(const std::string& key, const Place& place) {
  std::vector<std::string> parts(1);
  for (const char c : key) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  if (std::any_of(parts.begin(), parts.end(), [](const std::string& part) { return part.empty(); }))
    refuse_key(place, "the key has an empty part; write it as time.stop=2 or task.forward.method=fourier");
  if (parts.size() > deepest_key) refuse_key(place, "the key has more than 16 parts");
  return parts;
}

/// What a task or an axis is called, also where its table leaves that to the defaults.
std::string name_of_entry(TomlValue& table, const std::string& list, std::size_t index) {
  static const std::array axes = {"x", "y", "z"};
  if (const TomlEntry* name = table.find("name")) return name->value.string;
  if (list == "axis") return axes[std::min<std::size_t>(index, 2)];
  const TomlEntry* solve = table.find("solve");
  return solve ? solve->value.string : std::string();
}

std::size_t entry_of_list(TomlValue& list, const std::string& list_name, const std::string& part,
                          const Place& place) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < list.elements.size(); ++i) {
    names.push_back(list.elements[i].is(Kind::table) ? name_of_entry(list.elements[i], list_name, i)
                                                     : std::to_string(i));
    if (names.back() == part || std::to_string(i) == part) return i;
  }
  refuse_key(place, list_name + ": no entry is called \"" + part + "\"; " + suggestion(part, names));
}

TomlValue& child(TomlValue& parent, const std::string& parent_name, const std::string& part,
                 const Place& place) {
  if (parent.is(Kind::array)) return parent.elements[entry_of_list(parent, parent_name, part, place)];
  if (!parent.is(Kind::table))
    refuse_key(place, parent_name + ": is no table that \"" + part + "\" could be in");
  if (TomlEntry* entry = parent.find(part)) return entry->value;
  TomlValue table;
  table.place = place;
  parent.entries.push_back({part, place, table});
  return parent.entries.back().value;
}

}  // namespace

TomlValue parse_setting_value(const Source& source, const std::string& text) {
  check_bytes(source);
  try {
    TomlValue root = parse_toml(source);
    if (root.entries.size() == 1) return std::move(root.entries[0].value);
  } catch (const ExperimentError&) {
    // not TOML: taken literally below
  }
  TomlValue value = TomlValue::of(text);
  value.place = {&source, 1, 1};
  return value;
}

void put_value(TomlValue& root, const std::string& key, const Place& place, TomlValue value) {
  TomlValue* node = &root;
  std::string name = "the experiment";
  for (const std::string& part : split(key, place)) {
    node = &child(*node, name, part, place);
    name = part;
  }
  *node = std::move(value);
}

std::vector<std::string> resolved_key(TomlValue& root, const std::string& key, const Place& place) {
  std::vector<std::string> parts = split(key, place);
  TomlValue* node = &root;
  std::string name = "the experiment";
  for (std::string& part : parts) {
    TomlEntry* entry = node->is(Kind::table) ? node->find(part) : nullptr;
    if (!entry && !node->is(Kind::array)) break;
    if (entry) {
      node = &entry->value;
      name = part;
      continue;
    }
    const std::size_t at = entry_of_list(*node, name, part, place);
    node = &node->elements[at];
    part = std::to_string(at);
  }
  return parts;
}

void apply_settings(TomlValue& root, const std::vector<std::string>& settings, std::deque<Source>& sources) {
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    sources.push_back({"--set " + cut(setting, 80),
                       "value = " + setting.substr(equals == std::string::npos ? 0 : equals + 1), true});
    const Source& source = sources.back();
    const Place place = {&source, 1, 1};
    if (equals == std::string::npos) refuse_key(place, "no \"=\"; write KEY=VALUE, such as time.stop=2");
    put_value(root, setting.substr(0, equals), place,
              parse_setting_value(source, setting.substr(equals + 1)));
  }
}

}  // namespace umkehr
