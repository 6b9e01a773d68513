// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/reading.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/text/nearest.hpp"
#include "experiments/text/toml_text.hpp"

namespace umkehr {
namespace {

using Kind = TomlValue::Kind;

std::string number_text(double x) {
  return write_toml_value(TomlValue::of(x));
}

}  // namespace

std::string cut(const std::string& text, std::size_t most) {
  std::size_t characters = 0, at = 0;
  for (; at < text.size(); ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && characters++ == most) break;
  return at < text.size() ? text.substr(0, at) + "..." : text;
}

bool Range::holds(double x) const {
  return std::isfinite(x) && (with_low ? x >= low : x > low) && (with_high ? x <= high : x < high);
}

std::string Range::text() const {
  std::string out = "a finite number";
  if (std::isfinite(low)) out += (with_low ? " from " : " above ") + number_text(low);
  if (std::isfinite(high))
    out += (with_high ? " up to " : with_low ? " to below " : " below ") + number_text(high);
  return out;
}

std::string quoted(const TomlValue& value) {
  const std::string text = write_toml_value(value);
  const std::string bare = value.is(Kind::string) ? text.substr(1, text.size() - 2) : text;
  return '"' + cut(bare, 80) + '"';
}

void refuse_at(const Place& place, const TomlValue& value, std::string_view key, const std::string& problem) {
  throw ExperimentError(place.text() + ": " + std::string(key) + ": " + quoted(value) + " " + problem);
}

void refuse(const TomlValue& value, std::string_view key, const std::string& problem) {
  refuse_at(value.place, value, key, problem);
}

double read_number(const TomlValue& value, std::string_view key, const Range& range) {
  if (!value.is(Kind::integer) && !value.is(Kind::real))
    refuse(value, key, "is not a number; give " + range.text());
  const double number = value.is(Kind::integer) ? static_cast<double>(value.integer) : value.real;
  if (!range.holds(number)) refuse(value, key, "is out of range; give " + range.text());
  return number;
}

std::size_t read_count(const TomlValue& value, std::string_view key, std::size_t least, std::size_t most) {
  const std::string allowed = "give an integer from " + std::to_string(least) + " to " + std::to_string(most);
  if (!value.is(Kind::integer)) refuse(value, key, "is not an integer; " + allowed);
  if (value.integer < 0 || static_cast<std::size_t>(value.integer) < least ||
      static_cast<std::size_t>(value.integer) > most)
    refuse(value, key, "is out of range; " + allowed);
  return static_cast<std::size_t>(value.integer);
}

const std::string& read_string(const TomlValue& value, std::string_view key, std::size_t longest) {
  if (!value.is(Kind::string)) refuse(value, key, "is not a string; write it in quotes");
  if (value.string.size() > longest)
    refuse(value, key,
           "has " + std::to_string(value.string.size()) + " bytes; at most " + std::to_string(longest));
  const auto control = std::find_if(value.string.begin(), value.string.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
  if (control != value.string.end())
    refuse(value, key, "holds a control character; write it on one line without");
  return value.string;
}

std::string read_choice(const TomlValue& value, std::string_view key,
                        const std::vector<std::string>& allowed) {
  const std::string& text = read_string(value, key);
  if (std::find(allowed.begin(), allowed.end(), text) == allowed.end())
    refuse(value, key, "is not known; " + suggestion(text, allowed));
  return text;
}

const std::vector<TomlValue>& read_list(const TomlValue& value, std::string_view key, std::size_t least,
                                        std::size_t most) {
  const std::string count =
      least == most ? std::to_string(least) : std::to_string(least) + " to " + std::to_string(most);
  if (!value.is(Kind::array))
    refuse(value, key, "is not a list; give one of " + count + " entries, as [...]");
  if (value.elements.size() < least || value.elements.size() > most)
    refuse(value, key, "has " + std::to_string(value.elements.size()) + " entries; give " + count);
  return value.elements;
}

std::vector<double> read_numbers(const TomlValue& value, std::string_view key, std::size_t count,
                                 const Range& range) {
  std::vector<double> numbers;
  constexpr std::size_t max_numbers = 100'000;
  for (const TomlValue& element :
       read_list(value, key, std::max<std::size_t>(count, 1), count == 0 ? max_numbers : count))
    numbers.push_back(read_number(element, key, range));
  return numbers;
}

Section::Section(TomlValue& table, std::string title) : table_(table), title_(std::move(title)) {
  if (!table.is(Kind::table)) refuse(table, title_, "is not a table; give one of keys and values");
  table.entries.reserve(table.entries.size() + 32);  // so that defaults do not move what was handed out
}

bool Section::has(std::string_view key) const {
  return table_.find(key) != nullptr;
}

TomlValue* Section::find(std::string_view key) {
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
  TomlEntry* entry = table_.find(key);
  return entry ? &entry->value : nullptr;
}

TomlValue& Section::require(std::string_view key, std::string_view meaning) {
  if (TomlValue* value = find(key)) return *value;
  for (const TomlEntry& entry :
       table_.entries)  // a misspelt key explains a missing one better than its absence
    if (nearest(entry.key, {std::string(key)}) == key &&
        std::find(asked_.begin(), asked_.end(), entry.key) == asked_.end())
      throw ExperimentError(entry.place.text() + ": " + entry.key + ": unknown key in " + title_ +
                            "; did you mean \"" + std::string(key) + "\"?");
  refuse_whole("\"" + std::string(key) + "\" is missing; give " + std::string(meaning));
}

TomlValue& Section::with_default(std::string_view key, TomlValue value) {
  if (TomlValue* there = find(key)) return *there;
  value.place = table_.place;
  table_.entries.push_back({std::string(key), table_.place, std::move(value)});
  return table_.entries.back().value;
}

std::size_t Section::order(const TomlEntry& entry) const {
  return static_cast<std::size_t>(std::find(asked_.begin(), asked_.end(), entry.key) - asked_.begin());
}

void Section::refuse_unknown() const {
  for (const TomlEntry& entry : table_.entries)
    if (order(entry) == asked_.size())
      throw ExperimentError(entry.place.text() + ": " + cut(entry.key, 80) + ": unknown key in " + title_ +
                            "; " + suggestion(entry.key, asked_));
}

void Section::finish() {
  refuse_unknown();
  std::stable_sort(table_.entries.begin(), table_.entries.end(),
                   [&](const TomlEntry& a, const TomlEntry& b) { return order(a) < order(b); });
}

void Section::refuse_whole(const std::string& problem) const {
  throw ExperimentError(table_.place.text() + ": " + title_ + ": " + problem);
}

}  // namespace umkehr
