// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "experiments/text/toml_text.hpp"

namespace umkehr {
namespace {

using Kind = TomlValue::Kind;

std::string written(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (byte < 0x20 || byte == 0x7F) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04X", byte);
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

/// The shortest text that reads back as the same number, and as a real one.
std::string written(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
  char digits[40];
  const std::string text(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string written_key(const std::string& key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return bare ? key : written(key);
}

bool is_list_of_tables(const TomlValue& value) {
  return value.is(Kind::array) && !value.elements.empty() &&
         std::all_of(value.elements.begin(), value.elements.end(),
                     [](const TomlValue& v) { return v.is(Kind::table); });
}

std::string in_line(const TomlValue& table) {
  std::string out;
  for (const TomlEntry& entry : table.entries)
    out += (out.empty() ? "{ " : ", ") + written_key(entry.key) + " = " + write_toml_value(entry.value);
  return out.empty() ? "{}" : out + " }";
}

std::string lines(const TomlValue& table) {
  std::string out;
  for (const TomlEntry& entry : table.entries)
    out += written_key(entry.key) + " = " + write_toml_value(entry.value) + "\n";
  return out;
}

/// A table under a header of its own, and the tables in it after it; one of nothing but tables needs no header.
void write_section(const TomlValue& table, const std::string& path, std::string& out) {
  TomlValue plain = table;
  std::erase_if(plain.entries, [](const TomlEntry& e) { return e.value.is(Kind::table); });
  if (!plain.entries.empty() || table.entries.empty()) out += "\n[" + path + "]\n" + lines(plain);
  for (const TomlEntry& entry : table.entries)
    if (entry.value.is(Kind::table)) write_section(entry.value, path + "." + written_key(entry.key), out);
}

}  // namespace

std::string write_toml_value(const TomlValue& value) {
  switch (value.kind) {
    case Kind::boolean:
      return value.boolean ? "true" : "false";
    case Kind::integer:
      return std::to_string(value.integer);
    case Kind::real:
      return written(value.real);
    case Kind::string:
      return written(value.string);
    case Kind::date:
      return value.string;
    case Kind::table:
      return in_line(value);
    case Kind::array:
      break;
  }
  std::string out;
  for (const TomlValue& element : value.elements)
    out += (out.empty() ? "[" : ", ") + write_toml_value(element);
  return out.empty() ? "[]" : out + "]";
}

std::string write_toml(const TomlValue& root) {
  std::string out;
  for (const TomlEntry& entry : root.entries)
    if (!entry.value.is(Kind::table) && !is_list_of_tables(entry.value))
      out += written_key(entry.key) + " = " + write_toml_value(entry.value) + "\n";
  for (const TomlEntry& entry : root.entries) {
    if (entry.value.is(Kind::table)) write_section(entry.value, written_key(entry.key), out);
    if (!is_list_of_tables(entry.value)) continue;
    for (const TomlValue& element : entry.value.elements)
      out += "\n[[" + written_key(entry.key) + "]]\n" + lines(element);
  }
  return out;
}

}  // namespace umkehr
