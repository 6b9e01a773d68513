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

[[noreturn]] void refuse_setting(const Source& source, const std::string& problem) {
  throw ExperimentError(source.name + ": " + problem);
}

std::vector<std::string> split(const std::string& key, const Source& source) {
  std::vector<std::string> parts(1);
  for (const char c : key) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  if (std::any_of(parts.begin(), parts.end(), [](const std::string& part) { return part.empty(); }))
    refuse_setting(source,
                   "the key has an empty part; write it as time.stop=2 or task.forward.method=fourier");
  if (parts.size() > deepest_key) refuse_setting(source, "the key has more than 16 parts");
  return parts;
}

/// The value as TOML, or as a bare string where it is none.
TomlValue parsed_value(const Source& source, const std::string& text) {
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

/// What a task or an axis is called, also where its table leaves that to the defaults.
std::string name_of_entry(TomlValue& table, const std::string& list, std::size_t index) {
  static const std::array axes = {"x", "y", "z"};
  if (const TomlEntry* name = table.find("name")) return name->value.string;
  if (list == "axis") return axes[std::min<std::size_t>(index, 2)];
  const TomlEntry* solve = table.find("solve");
  return solve ? solve->value.string : std::string();
}

TomlValue& entry_of_list(TomlValue& list, const std::string& list_name, const std::string& part,
                         const Source& source) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < list.elements.size(); ++i) {
    names.push_back(list.elements[i].is(Kind::table) ? name_of_entry(list.elements[i], list_name, i)
                                                     : std::to_string(i));
    if (names.back() == part || std::to_string(i) == part) return list.elements[i];
  }
  refuse_setting(source, list_name + ": no entry is called \"" + part + "\"; " + suggestion(part, names));
}

TomlValue& child(TomlValue& parent, const std::string& parent_name, const std::string& part,
                 const Source& source) {
  if (parent.is(Kind::array)) return entry_of_list(parent, parent_name, part, source);
  if (!parent.is(Kind::table))
    refuse_setting(source, parent_name + ": is no table that \"" + part + "\" could be in");
  if (TomlEntry* entry = parent.find(part)) return entry->value;
  TomlValue table;
  table.place = {&source, 1, 1};
  parent.entries.push_back({part, table.place, table});
  return parent.entries.back().value;
}

}  // namespace

void apply_settings(TomlValue& root, const std::vector<std::string>& settings, std::deque<Source>& sources) {
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    sources.push_back({"--set " + cut(setting, 80),
                       "value = " + setting.substr(equals == std::string::npos ? 0 : equals + 1), true});
    const Source& source = sources.back();
    if (equals == std::string::npos) refuse_setting(source, "no \"=\"; write KEY=VALUE, such as time.stop=2");
    TomlValue* node = &root;
    std::string name = "the experiment";
    for (const std::string& part : split(setting.substr(0, equals), source)) {
      node = &child(*node, name, part, source);
      name = part;
    }
    *node = parsed_value(source, setting.substr(equals + 1));
  }
}

}  // namespace umkehr
