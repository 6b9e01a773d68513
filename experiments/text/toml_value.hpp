// SPDX-License-Identifier: GPL-3.0-or-later
// What a TOML text says, with the place where each word of it stands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace umkehr {

/// A text that values come from: the experiment file, or one setting of the command line.
struct Source {
  std::string name;
  std::string text;
  bool is_setting = false;
};

/// Line and column count from 1, columns in characters. The source outlives the place.
struct Place {
  const Source* source = nullptr;
  std::size_t line = 1;
  std::size_t column = 1;

  /// "file:line:column", or the setting itself.
  std::string text() const;
};

struct TomlEntry;

struct TomlValue {
  enum class Kind { boolean, integer, real, string, date, array, table };

  Kind kind = Kind::table;
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string string;  ///< of a date too
  std::vector<TomlValue> elements;
  std::vector<TomlEntry> entries;  ///< in the order of the text
  Place place;

  bool is(Kind other) const { return kind == other; }
  TomlEntry* find(std::string_view key);

  static TomlValue of(std::string value);
  static TomlValue of(double value);
  static TomlValue of(std::int64_t value);
  static TomlValue of(bool value);
};

struct TomlEntry {
  std::string key;
  Place place;
  TomlValue value;
};

/// Place of byte `offset` (from 0) of a string's contents: behind the quotes, escapes counted as they are
/// written.
Place place_inside(const TomlValue& string, std::size_t offset);

}  // namespace umkehr
