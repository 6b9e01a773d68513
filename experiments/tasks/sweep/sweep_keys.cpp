// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/sweep/sweep_keys.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/input/reading.hpp"
#include "experiments/input/settings.hpp"
#include "experiments/text/toml_text.hpp"

namespace umkehr {
namespace {

using Kind = TomlValue::Kind;

constexpr std::size_t max_values = 10'000, max_texts = 500, longest_value = 4096;

[[noreturn]] void refuse_sweep(const Place& place, const std::string& problem) {
  throw ExperimentError(place.text() + ": sweep: " + problem);
}

std::string without_blanks(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// At commas outside of brackets and quotes.
std::vector<std::string> split_values(const std::string& text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == 0 && c == ',' && depth <= 0) {
      parts.emplace_back();
      continue;
    }
    parts.back() += c;
    if (quote == '"' && c == '\\' && i + 1 < text.size())
      parts.back() += text[++i];
    else if (quote != 0)
      quote = c == quote ? '\0' : quote;
    else if (c == '"' || c == '\'')
      quote = c;
    else
      depth += (c == '(' || c == '[' || c == '{') - (c == ')' || c == ']' || c == '}');
  }
  std::transform(parts.begin(), parts.end(), parts.begin(), without_blanks);
  return parts;
}

/// The lists of a table; a key may be written as "a.b" or in tables.
void flatten(const TomlValue& table, const std::string& path, std::vector<WrittenSweep>& out) {
  for (const TomlEntry& entry : table.entries) {
    const std::string key = path + entry.key;
    if (entry.value.is(Kind::table)) {
      flatten(entry.value, key + ".", out);
      continue;
    }
    if (!entry.value.is(Kind::array))
      refuse(entry.value, "sweep." + key, "is not a list of values, such as [0.1, 0.05]");
    out.push_back({key, entry.place, entry.value.elements});
  }
}

std::vector<WrittenSweep> of_table(TomlValue& root) {
  std::vector<WrittenSweep> sweeps;
  const TomlEntry* entry = root.find("sweep");
  if (!entry) return sweeps;
  if (!entry->value.is(Kind::table))
    refuse(entry->value, "sweep", "is not a table of lists, such as \"task.forward.dt\" = [0.1, 0.05]");
  flatten(entry->value, "", sweeps);
  std::erase_if(root.entries, [](const TomlEntry& one) { return one.key == "sweep"; });
  return sweeps;
}

WrittenSweep of_command_line(const std::string& text, std::deque<Source>& sources) {
  const std::string name = "--sweep " + cut(text, 80);
  const std::size_t equals = text.find('=');
  sources.push_back({name, text, true});
  WrittenSweep sweep{text.substr(0, equals), {&sources.back(), 1, 1}, {}};
  if (equals == std::string::npos)
    refuse_sweep(sweep.place, "no \"=\"; write KEY=V1,V2,..., such as task.forward.dt=0.1,0.05");
  for (const std::string& value : split_values(text.substr(equals + 1))) {
    if (value.empty()) refuse_sweep(sweep.place, "an empty value; write KEY=V1,V2,...");
    sources.push_back({name, "value = " + value, true});
    sweep.values.push_back(parse_setting_value(sources.back(), value));
  }
  return sweep;
}

void check_values_of(const WrittenSweep& sweep) {
  const std::size_t count = sweep.values.size();
  if (count == 0) refuse_sweep(sweep.place, "\"" + cut(sweep.key, 80) + "\" has no values; give one or more");
  if (count > max_values)
    refuse_sweep(sweep.place, "\"" + cut(sweep.key, 80) + "\" has " + std::to_string(count) +
                                  " values; at most " + std::to_string(max_values));
}

/// Two ways to write one key, and a key within another.
void check_apart(TomlValue& root, const std::vector<WrittenSweep>& sweeps) {
  std::vector<std::vector<std::string>> parts;
  for (const WrittenSweep& sweep : sweeps) {
    parts.push_back(resolved_key(root, sweep.key, sweep.place));
    for (std::size_t n = 0; n + 1 < parts.size(); ++n) {
      const std::size_t common = std::min(parts[n].size(), parts.back().size());
      if (std::equal(parts[n].begin(), parts[n].begin() + static_cast<std::ptrdiff_t>(common),
                     parts.back().begin()))
        refuse_sweep(sweep.place, "\"" + cut(sweep.key, 80) + "\" is, or belongs to, \"" +
                                      cut(sweeps[n].key, 80) + "\", which is swept already");
    }
  }
}

bool is_toml_number(const TomlValue& value) {
  return value.is(Kind::integer) || value.is(Kind::real);
}

double number_in(const TomlValue& value) {
  return value.is(Kind::integer) ? static_cast<double>(value.integer) : value.real;
}

std::string written_text_of(const TomlValue& value) {
  return value.is(Kind::string) ? value.string : write_toml_value(value);
}

}  // namespace

std::vector<WrittenSweep> take_sweeps(TomlValue& root, const std::vector<std::string>& settings,
                                      const std::vector<std::string>& sweeps, std::deque<Source>& sources) {
  std::vector<WrittenSweep> all = of_table(root);
  const std::size_t in_file = all.size();
  for (const std::string& text : sweeps) {
    WrittenSweep sweep = of_command_line(text, sources);
    const auto same = std::find_if(
        all.begin(), all.begin() + static_cast<std::ptrdiff_t>(in_file), [&](const WrittenSweep& one) {
          return resolved_key(root, one.key, one.place) == resolved_key(root, sweep.key, sweep.place);
        });
    const bool is_replaced = same != all.begin() + static_cast<std::ptrdiff_t>(in_file);
    if (is_replaced && !same->place.source->is_setting)
      *same = std::move(sweep);
    else
      all.push_back(std::move(sweep));
  }
  for (const WrittenSweep& sweep : all) {
    check_values_of(sweep);
    for (const std::string& setting : settings)
      if (setting.starts_with(sweep.key + "="))
        refuse_sweep(sweep.place, "\"" + cut(sweep.key, 80) + "\" is swept and set (--set " +
                                      cut(setting, 80) + "); give --sweep with the values that are meant");
  }
  check_apart(root, all);
  return all;
}

SweptKey described(const WrittenSweep& written) {
  SweptKey key{written.key, "", written.place.text(), {}, {}, false, false};
  const auto all = [&](const auto& holds) {
    return std::all_of(written.values.begin(), written.values.end(), holds);
  };
  key.is_text = !all(is_toml_number);
  key.is_integer = key.is_text || all([](const TomlValue& value) { return value.is(Kind::integer); });
  if (key.is_text && written.values.size() > max_texts)
    refuse_sweep(written.place, "\"" + cut(written.key, 80) + "\" has " +
                                    std::to_string(written.values.size()) +
                                    " values that are no numbers; at most " + std::to_string(max_texts));
  for (const TomlValue& value : written.values) {
    const std::string text = written_text_of(value);
    const double number = key.is_text ? static_cast<double>(key.numbers.size()) : number_in(value);
    if (!std::isfinite(number)) refuse(value, written.key, "is not finite; give finite numbers");
    if (text.size() > longest_value) refuse(value, written.key, "is longer than 4096 bytes");
    const bool is_there = key.is_text ? std::count(key.texts.begin(), key.texts.end(), text) > 0
                                      : std::count(key.numbers.begin(), key.numbers.end(), number) > 0;
    if (is_there) refuse(value, written.key, "is swept twice; give each value once");
    key.texts.push_back(text);
    key.numbers.push_back(number);
  }
  return key;
}

}  // namespace umkehr
