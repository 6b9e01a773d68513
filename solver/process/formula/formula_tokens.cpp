// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/formula/formula_tokens.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <system_error>

#include "solver/process/formula/formula_parser.hpp"

namespace umkehr::expression {
namespace {

// Not those of <cctype>, which depend on the locale.
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_in_name(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string described(char c) {
  if (c > ' ' && c <= '~') return quoted({&c, 1});
  std::array<char, 16> byte;
  std::snprintf(byte.data(), byte.size(), "0x%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
  return std::string("with code ") + byte.data();
}

std::size_t number_length(std::string_view text) {
  std::size_t end = 0;
  const auto digits = [&] {
    const std::size_t start = end;
    while (end < text.size() && is_digit(text[end])) ++end;
    return end - start;
  };
  std::size_t count = digits();
  if (end < text.size() && text[end] == '.') {
    ++end;
    count += digits();
  }
  if (count == 0) return 0;
  const std::size_t mantissa = end;
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    ++end;
    if (end < text.size() && (text[end] == '+' || text[end] == '-')) ++end;
    if (digits() == 0) end = mantissa;
  }
  return end;
}

Token number(const Source& source, std::size_t start) {
  const std::string_view rest = source.text.substr(start);
  const std::size_t length = number_length(rest);
  if (length == 0) source.fail("a number needs a digit beside its point", start + 1);
  Token token{Token::Kind::number, rest.substr(0, length), 0, start + 1};
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + length, token.value);
  if (error == std::errc::result_out_of_range)
    source.fail("the number " + quoted(token.text) + " is beyond double precision (about 1e-308 to 1.8e308)",
                start + 1);
  return token;
}

Token name(std::string_view text, std::size_t start) {
  std::size_t end = start;
  while (end < text.size() && is_in_name(text[end])) ++end;
  return {Token::Kind::name, text.substr(start, end - start), 0, start + 1};
}

Token sign(const Source& source, std::size_t start) {
  const std::string_view rest = source.text.substr(start);
  for (const std::string_view two : {"<=", ">=", "==", "!="})
    if (rest.starts_with(two)) return {Token::Kind::sign, rest.substr(0, 2), 0, start + 1};
  if (rest.starts_with("**")) source.fail("powers are written with ^, not **", start + 1);
  if (rest[0] == '=') source.fail("equality is written ==", start + 1);
  if (std::string_view("+-*/^()<>,").find(rest[0]) == std::string_view::npos)
    source.fail("bad character " + described(rest[0]), start + 1);
  return {Token::Kind::sign, rest.substr(0, 1), 0, start + 1};
}

}  // namespace

void Source::fail(const std::string& message, std::size_t column) const {
  throw FormulaError(message, std::string(text), column, definition);
}

std::vector<Token> tokens(const Source& source) {
  const std::string_view text = source.text;
  if (text.size() > longest_text)
    source.fail("the formula has " + std::to_string(text.size()) + " characters; at most " +
                    std::to_string(longest_text) + " are allowed",
                longest_text + 1);
  std::vector<Token> result;
  for (std::size_t i = 0; i < text.size();) {
    if (is_space(text[i])) {
      ++i;
      continue;
    }
    if (is_digit(text[i]) || text[i] == '.')
      result.push_back(number(source, i));
    else if (is_letter(text[i]))
      result.push_back(name(text, i));
    else
      result.push_back(sign(source, i));
    i += result.back().text.size();
  }
  if (result.empty()) source.fail("the formula is empty", 1);
  result.push_back({Token::Kind::end, {}, 0, text.size() + 1});
  return result;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 80;
  if (text.size() <= longest) return '"' + std::string(text) + '"';
  return '"' + std::string(text.substr(0, longest)) + "...\"";
}

}  // namespace umkehr::expression
