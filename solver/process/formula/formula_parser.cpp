// SPDX-License-Identifier: GPL-3.0-or-later
// comparison = sum [("<" | "<=" | ">" | ">=" | "==" | "!=") sum]
// sum        = product {("+" | "-") product}
// product    = signed {("*" | "/") signed}
// signed     = {"-" | "+"} power
// power      = primary ["^" {"-" | "+"} power], so that -x^2 = -(x^2) and 2^-x^2 = 2^(-(x^2))
// primary    = number | name | function "(" comparison {"," comparison} ")" | "(" comparison ")"
#include "solver/process/formula/formula_parser.hpp"

#include <algorithm>
#include <numbers>
#include <optional>
#include <unordered_map>

#include "grids/failure.hpp"
#include "solver/process/formula/formula_tokens.hpp"

namespace umkehr::expression {
namespace {

using Meanings = std::unordered_map<std::string_view, Index>;

class Parser {
 public:
  Parser(Graph& graph, const Meanings& meanings, const FormulaNames& names, const Reading& reading)
      : graph_(graph),
        meanings_(meanings),
        names_(names),
        source_(reading.source),
        next_(reading.tokens.data()) {}

  Index formula() {
    const Index result = comparison();
    if (next_->kind != Token::Kind::end) refuse_rest();
    return result;
  }

 private:
  const Token& take() { return *next_++; }
  bool take(std::string_view sign) {
    if (!next_->is(sign)) return false;
    ++next_;
    return true;
  }
  bool take_minuses() {
    bool negative = false;
    while (next_->is("-") || next_->is("+")) negative ^= take().is("-");
    return negative;
  }

  Index comparison();
  Index sum();
  Index product();
  Index power();
  Index primary();
  Index bracket(std::size_t opened);
  Index call(const Token& name, Operation function);
  [[noreturn]] void refuse_operand() const;
  [[noreturn]] void refuse_rest() const;
  void open(std::size_t column);

  Graph& graph_;
  const Meanings& meanings_;
  const FormulaNames& names_;
  const Source& source_;
  const Token* next_;
  std::size_t depth_ = 0;
};

Index Parser::comparison() {
  const auto comparing = [this]() -> std::optional<Operation> {
    for (const Operation operation : {Operation::less, Operation::less_equal, Operation::greater,
                                      Operation::greater_equal, Operation::equal, Operation::not_equal})
      if (next_->is(traits(operation).symbol)) return operation;
    return std::nullopt;
  };
  const Index left = sum();
  const std::optional<Operation> operation = comparing();
  if (!operation) return left;
  take();
  const Index right = sum();
  if (comparing())
    source_.fail("comparisons cannot be chained; use brackets, or multiply two of them", next_->column);
  return graph_.apply(*operation, left, right);
}

Index Parser::sum() {
  Index result = product();
  while (next_->is("+") || next_->is("-")) {
    const bool minus = take().is("-");
    const Index right = product();
    result = minus ? graph_.subtract(result, right) : graph_.add(result, right);
  }
  return result;
}

Index Parser::product() {
  const auto factor = [this] {
    const bool negative = take_minuses();
    const Index value = power();
    return negative ? graph_.negate(value) : value;
  };
  Index result = factor();
  while (next_->is("*") || next_->is("/")) {
    const bool division = take().is("/");
    const Index right = factor();
    result = division ? graph_.divide(result, right) : graph_.multiply(result, right);
  }
  return result;
}

Index Parser::power() {
  std::vector<Index> bases{primary()};
  std::vector<bool> negative{false};
  while (take("^")) {
    negative.push_back(take_minuses());
    bases.push_back(primary());
  }
  Index result = bases.back();
  for (std::size_t i = bases.size() - 1; i > 0; --i)
    result = graph_.power(bases[i - 1], negative[i] ? graph_.negate(result) : result);
  return result;
}

Index Parser::primary() {
  const Token& token = *next_;
  if (token.kind == Token::Kind::number) return graph_.constant(take().value);
  if (take("(")) return bracket(token.column);
  if (token.kind != Token::Kind::name) refuse_operand();
  take();
  if (const auto function = function_named(token.text)) return call(token, *function);
  const auto meaning = meanings_.find(token.text);
  if (meaning == meanings_.end()) source_.fail(unknown_name(token.text, names_), token.column);
  if (next_->is("("))
    source_.fail(quoted(token.text) + " is not a function; a product is written with *", next_->column);
  return meaning->second;
}

void Parser::open(std::size_t column) {
  if (++depth_ > deepest_nesting)
    source_.fail("more than " + std::to_string(deepest_nesting) + " nested brackets", column);
}

Index Parser::bracket(std::size_t opened) {
  open(opened);
  const Index result = comparison();
  if (next_->is(",")) source_.fail("a comma outside of a function's brackets", next_->column);
  if (next_->kind == Token::Kind::end) source_.fail("this bracket is never closed", opened);
  if (!take(")")) refuse_rest();
  --depth_;
  return result;
}

Index Parser::call(const Token& name, Operation function) {
  const std::size_t opened = next_->column, expected = traits(function).arity;
  const std::string needs =
      quoted(name.text) + " takes " + std::to_string(expected) + (expected == 1 ? " argument" : " arguments");
  if (!take("(")) source_.fail(needs + " in brackets", name.column);
  open(opened);
  std::vector<Index> arguments;
  if (!next_->is(")")) do
      arguments.push_back(comparison());
    while (take(","));
  if (next_->kind == Token::Kind::end) source_.fail("this bracket is never closed", opened);
  if (!take(")")) refuse_rest();
  --depth_;
  if (arguments.size() != expected)
    source_.fail(needs + ", not " + std::to_string(arguments.size()), name.column);
  arguments.resize(3);
  return graph_.apply(function, arguments[0], arguments[1], arguments[2]);
}

void Parser::refuse_operand() const {
  if (next_->kind == Token::Kind::end)
    source_.fail("the formula ends where a number, a name or a bracket is missing", next_->column);
  source_.fail("a number, a name or a bracket is missing before " + quoted(next_->text), next_->column);
}

void Parser::refuse_rest() const {
  if (next_->is(")")) source_.fail("this bracket was never opened", next_->column);
  if (next_->is(",")) source_.fail("a comma outside of a function's brackets", next_->column);
  source_.fail("an operator is missing before " + quoted(next_->text) + "; a product is written with *",
               next_->column);
}

bool is_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto inside = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && letter(name[0]) && std::all_of(name.begin(), name.end(), inside);
}

Meanings given_names(Graph& graph, const FormulaNames& names) {
  Meanings meanings{
      {"t", graph.time()}, {"pi", graph.constant(std::numbers::pi)}, {"e", graph.constant(std::numbers::e)}};
  const auto check = [&](const std::string& name) {
    if (!is_name(name)) throw UnfitProblem(quoted(name) + " is not a name for an axis or a definition");
    if (is_reserved_name(name) || meanings.contains(name))
      throw UnfitProblem(quoted(name) + " has another meaning already");
  };
  for (std::size_t k = 0; k < names.axes.size(); ++k) {
    check(names.axes[k]);
    meanings[names.axes[k]] = graph.axis(k);
  }
  for (const auto& [name, text] : names.definitions) check(name);
  return meanings;
}

}  // namespace

Expression parse(std::string_view text, const FormulaNames& names) {
  Graph graph;
  Meanings meanings = given_names(graph, names);
  Index value = 0;
  const std::vector<Reading> readings = reading_order(text, names);
  for (const Reading& reading : readings) {
    value = Parser(graph, meanings, names, reading).formula();
    meanings[reading.source.definition] = value;
  }
  return graph.extract(value);
}

}  // namespace umkehr::expression
