// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/text/printable.hpp"

#include <cstdint>
#include <cstdio>

#include "experiments/text/text_check.hpp"

namespace umkehr {
namespace {

std::uint32_t code_point(std::string_view character) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(character[k]); };
  if (character.size() == 1) return byte(0);
  std::uint32_t code = byte(0) & (0xFFU >> (character.size() + 1));
  for (std::size_t k = 1; k < character.size(); ++k) code = code << 6 | (byte(k) & 0x3FU);
  return code;
}

bool steers(std::uint32_t code) {
  const bool is_control = code < 0x20 || (code >= 0x7F && code < 0xA0);
  const bool turns_direction = (code >= 0x200E && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
                               (code >= 0x2066 && code <= 0x2069) || code == 0x061C;
  const bool breaks_line = code == 0x2028 || code == 0x2029;
  return is_control || turns_direction || breaks_line;
}

std::string escaped(const char* format, unsigned code) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, format, code);
  return buffer;
}

}  // namespace

std::string printable(std::string_view text, bool keep_lines) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character_length(text, i);
    if (length == 0) {
      out += escaped("\\x%02x", static_cast<unsigned char>(text[i++]));
      continue;
    }
    const std::string_view character = text.substr(i, length);
    const std::uint32_t code = code_point(character);
    i += length;
    if (code == '\n' && keep_lines)
      out += '\n';
    else if (code == '\t')
      out += ' ';
    else if (steers(code))
      out += escaped(code < 0x100 ? "\\x%02x" : "\\u%04x", code);
    else
      out += character;
  }
  return out;
}

}  // namespace umkehr
