// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/text/toml_value.hpp"

#include <algorithm>

namespace umkehr {
namespace {

/// Walks over a text, character by character.
struct Cursor {
  std::string_view text;
  Place place;
  std::size_t at = 0;

  bool done() const { return at >= text.size(); }
  bool sees(std::string_view word) const {
    return text.substr(std::min(at, text.size()), word.size()) == word;
  }
  void next() {
    if (done()) return;
    const bool line_end = text[at] == '\n';
    for (++at; !done() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;) ++at;
    place =
        line_end ? Place{place.source, place.line + 1, 1} : Place{place.source, place.line, place.column + 1};
  }
  void skip(std::size_t characters) {
    while (characters-- > 0) next();
  }
};

std::size_t utf8_length(unsigned long code) {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/// Steps over one written unit of a basic string and gives the bytes that it stands for.
std::size_t step_over_unit(Cursor& cursor) {
  const std::size_t before = cursor.at;
  if (!cursor.sees("\\")) {
    cursor.next();
    return cursor.at - before;
  }
  cursor.next();
  const std::size_t digits = cursor.sees("u") ? 4 : cursor.sees("U") ? 8 : 0;
  if (digits > 0) {
    const std::string code(cursor.text.substr(cursor.at + 1, digits));
    cursor.skip(1 + digits);
    return utf8_length(std::stoul("0" + code, nullptr, 16));
  }
  if (cursor.sees(" ") || cursor.sees("\t") || cursor.sees("\r") || cursor.sees("\n")) {
    while (cursor.sees(" ") || cursor.sees("\t") || cursor.sees("\r") || cursor.sees("\n")) cursor.next();
    return 0;
  }
  cursor.next();
  return 1;
}

}  // namespace

std::string Place::text() const {
  if (!source) return "experiment";
  if (source->is_setting) return source->name;
  return source->name + ":" + std::to_string(line) + ":" + std::to_string(column);
}

TomlEntry* TomlValue::find(std::string_view key) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const TomlEntry& e) { return e.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

TomlValue TomlValue::of(std::string text) {
  TomlValue value;
  value.kind = Kind::string;
  value.string = std::move(text);
  return value;
}

TomlValue TomlValue::of(double number) {
  TomlValue value;
  value.kind = Kind::real;
  value.real = number;
  return value;
}

TomlValue TomlValue::of(std::int64_t number) {
  TomlValue value;
  value.kind = Kind::integer;
  value.integer = number;
  return value;
}

TomlValue TomlValue::of(bool flag) {
  TomlValue value;
  value.kind = Kind::boolean;
  value.boolean = flag;
  return value;
}

Place place_inside(const TomlValue& string, std::size_t offset) {
  if (!string.place.source) return string.place;
  Cursor cursor{string.place.source->text, {string.place.source, 1, 1}};
  while (!cursor.done() && cursor.place.line < string.place.line) cursor.next();
  cursor.skip(string.place.column - 1);
  const bool literal = cursor.sees("'");
  if (!literal && !cursor.sees("\"")) return string.place;
  const bool many_lines = cursor.sees("'''") || cursor.sees("\"\"\"");
  cursor.skip(many_lines ? 3 : 1);
  if (many_lines && cursor.sees("\r")) cursor.next();
  if (many_lines && cursor.sees("\n")) cursor.next();
  for (std::size_t bytes = 0; bytes < offset && !cursor.done();) {
    if (literal) {
      const std::size_t before = cursor.at;
      cursor.next();
      bytes += cursor.at - before;
    } else {
      bytes += step_over_unit(cursor);
    }
  }
  return cursor.place;
}

}  // namespace umkehr
