// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a formula, and the order in which definitions must be read.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "solver/process/formula/formula.hpp"

namespace umkehr::expression {

/// One formula's text, and the name of the definition that it is (empty for the formula itself).
struct Source {
  std::string_view text;
  std::string definition;

  [[noreturn]] void fail(const std::string& message, std::size_t column) const;
};

struct Token {
  enum class Kind { number, name, sign, end };
  Kind kind = Kind::end;
  std::string_view text;
  double value = 0;        ///< of a number
  std::size_t column = 1;  ///< of its first byte, from 1

  bool is(std::string_view sign) const { return kind == Kind::sign && text == sign; }
};

/// All tokens, the end included. Throws FormulaError.
std::vector<Token> tokens(const Source& source);

/// A formula and the definitions that it uses, each after those that it uses itself; the formula is the last.
struct Reading {
  Source source;
  std::vector<Token> tokens;
};
/// Throws FormulaError for definitions that use themselves, besides what `tokens` throws.
std::vector<Reading> reading_order(std::string_view text, const FormulaNames& names);

/// A name or sign as messages quote it, cut at 80 characters.
std::string quoted(std::string_view text);
/// What to say about a name that means nothing: the nearest that does, or all of them.
std::string unknown_name(std::string_view name, const FormulaNames& names);

}  // namespace umkehr::expression
