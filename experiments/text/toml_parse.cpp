// SPDX-License-Identifier: GPL-3.0-or-later
// The only place that sees toml++. Version 3.3 guards itself by assertions that some inputs fail: they are
// defined away here, so that its ordinary checks run on, and text_check.hpp refuses beforehand what is known to
// reach them.
#undef NDEBUG  // with it, toml++ would turn the same assertions into assumptions
#define TOML_ASSERT(condition) static_assert(true)
#define TOML_MAX_NESTED_VALUES 32
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "experiments/text/experiment_error.hpp"
#include "experiments/text/text_check.hpp"
#include "experiments/text/toml_text.hpp"

namespace umkehr {
namespace {

Place place_of(const toml::source_region& region, const Source& source) {
  return {&source, std::max<std::size_t>(region.begin.line, 1),
          std::max<std::size_t>(region.begin.column, 1)};
}

bool stands_before(const Place& a, const Place& b) {
  return a.line != b.line ? a.line < b.line : a.column < b.column;
}

TomlValue converted(const toml::node& node, const Source& source);

void convert_table(const toml::table& table, const Source& source, TomlValue& value) {
  value.kind = TomlValue::Kind::table;
  for (const auto& [key, child] : table)
    value.entries.push_back(
        {std::string(key.str()), place_of(key.source(), source), converted(child, source)});
  std::stable_sort(value.entries.begin(), value.entries.end(),
                   [](const TomlEntry& a, const TomlEntry& b) { return stands_before(a.place, b.place); });
}

void convert_array(const toml::array& array, const Source& source, TomlValue& value) {
  value.kind = TomlValue::Kind::array;
  for (const toml::node& child : array) value.elements.push_back(converted(child, source));
}

template <class Date>
void convert_date(const Date& date, TomlValue& value) {
  std::ostringstream text;
  text << date;
  value.kind = TomlValue::Kind::date;
  value.string = text.str();
}

TomlValue converted(const toml::node& node, const Source& source) {
  TomlValue value;
  if (const auto* table = node.as_table()) convert_table(*table, source, value);
  if (const auto* array = node.as_array()) convert_array(*array, source, value);
  if (const auto* string = node.as_string()) value = TomlValue::of(std::string(string->get()));
  if (const auto* integer = node.as_integer()) value = TomlValue::of(integer->get());
  if (const auto* real = node.as_floating_point()) value = TomlValue::of(real->get());
  if (const auto* boolean = node.as_boolean()) {
    value.kind = TomlValue::Kind::boolean;
    value.boolean = boolean->get();
  }
  if (const auto* date = node.as_date()) convert_date(date->get(), value);
  if (const auto* time = node.as_time()) convert_date(time->get(), value);
  if (const auto* both = node.as_date_time()) convert_date(both->get(), value);
  value.place = place_of(node.source(), source);
  return value;
}

}  // namespace

TomlValue parse_toml(const Source& source) {
  check_bytes(source);
  check_words(source);
  try {
    return converted(toml::parse(std::string_view(source.text)), source);
  } catch (const toml::parse_error& error) {
    throw ExperimentError(place_of(error.source(), source).text() +
                          ": not TOML: " + std::string(error.description()));
  }
}

}  // namespace umkehr
