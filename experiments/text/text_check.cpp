// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/text/text_check.hpp"

#include <cstdio>

#include "experiments/text/experiment_error.hpp"

namespace umkehr {
namespace {

constexpr std::size_t largest_text = 4 << 20;

std::string hexadecimal(unsigned char byte) {
  char digits[8];
  std::snprintf(digits, sizeof digits, "0x%02x", byte);
  return digits;
}

bool is_continuation(std::string_view text, std::size_t i) {
  return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
}

bool is_control(unsigned char byte) {
  return (byte < 0x20 && byte != '\t') || byte == 0x7F;
}

[[noreturn]] void refuse(const Place& place, const std::string& problem) {
  throw ExperimentError(place.text() + ": " + problem);
}

Place next_place(const Place& place, char c) {
  return c == '\n' ? Place{place.source, place.line + 1, 1}
                   : Place{place.source, place.line, place.column + 1};
}

}  // namespace

std::size_t character_length(std::string_view text, std::size_t i) {
  const auto first = static_cast<unsigned char>(text[i]);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  for (std::size_t k = 1; k < length; ++k)
    if (!is_continuation(text, i + k)) return 0;
  const auto second = static_cast<unsigned char>(text[i + 1]);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool beyond = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
  return overlong || beyond ? 0 : length;
}

void check_bytes(const Source& source) {
  const std::string& text = source.text;
  Place place{&source, 1, 1};
  if (text.size() > largest_text)
    refuse(place, "the text has " + std::to_string(text.size()) + " bytes; at most 4 MiB");
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool line_end = byte == '\n' || (byte == '\r' && i + 1 < text.size() && text[i + 1] == '\n');
    if (is_control(byte) && !line_end)
      refuse(place, "control byte " + hexadecimal(byte) +
                        "; a text may hold no control bytes but tabs and line ends");
    const std::size_t length = character_length(text, i);
    if (length == 0) refuse(place, "byte " + hexadecimal(byte) + " is not UTF-8; save the file in UTF-8");
    place = next_place(place, text[i]);
    i += length;
  }
}

}  // namespace umkehr
