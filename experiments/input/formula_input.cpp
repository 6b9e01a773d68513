// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/input/formula_input.hpp"

#include "experiments/input/reading.hpp"
#include "experiments/text/toml_text.hpp"

namespace umkehr {
namespace {

constexpr std::size_t longest_formula = 4096;
constexpr std::size_t max_definitions = 256;

/// A number counts as the formula that it spells.
std::string formula_text(const TomlValue& value, std::string_view key) {
  if (value.is(TomlValue::Kind::integer)) return std::to_string(value.integer);
  if (value.is(TomlValue::Kind::real)) {
    read_number(value, key);
    return write_toml_value(value);
  }
  if (!value.is(TomlValue::Kind::string)) refuse(value, key, "is not a formula; give a string or a number");
  return read_string(value, key, longest_formula);
}

}  // namespace

FormulaInput::FormulaInput(std::vector<std::string> axes) {
  names_.axes = std::move(axes);
}

void FormulaInput::define(const TomlValue& definitions, const IsWritten& is_written) {
  if (!definitions.is(TomlValue::Kind::table))
    refuse(definitions, "define", "is not a table of name = \"formula\"");
  if (definitions.entries.size() > max_definitions)
    refuse(definitions, "define",
           "has " + std::to_string(definitions.entries.size()) + " names; at most 256");
  for (const TomlEntry& entry : definitions.entries) {
    check_name(entry.key, entry.place, names_.axes, is_written);
    names_.definitions[entry.key] = formula_text(entry.value, entry.key);
    definitions_[entry.key] = entry.value;
  }
  for (const TomlEntry& entry : definitions.entries) read(entry.value, entry.key);
}

FormulaInput FormulaInput::with_axes(const std::vector<std::string>& further) const {
  FormulaInput extended = *this;
  extended.names_.axes.insert(extended.names_.axes.end(), further.begin(), further.end());
  return extended;
}

Formula FormulaInput::read(const TomlValue& value, std::string_view key) const {
  const std::string text = formula_text(value, key);
  try {
    return Formula::parse(text, names_);
  } catch (const FormulaError& error) {
    const auto definition = definitions_.find(error.definition());
    const bool inside = definition != definitions_.end();
    const TomlValue& wrong = inside ? definition->second : value;
    refuse_at(place_inside(wrong, error.column() - 1), wrong, inside ? error.definition() : key,
              "is no formula: " + std::string(error.what()));
  }
}

}  // namespace umkehr
