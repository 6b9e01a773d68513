// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <cmath>

#include "grids/failure.hpp"
#include "solver/process/formula/formula_graph.hpp"
#include "solver/process/formula/formula_parser.hpp"

namespace umkehr::expression {
namespace {

enum Binding { comparing, adding, multiplying, negating, raising, atomic };

struct Written {
  std::string text;
  Binding binding = atomic;
  std::size_t depth = 0;  // of its brackets
};

Written number(double value) {
  if (std::isnan(value)) return {"0/0", multiplying};
  if (std::isinf(value)) return {value > 0 ? "1/0" : "-1/0", multiplying};
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {std::string(digits.data(), end), std::signbit(value) ? negating : atomic};
}

Written bracketed(const Written& operand, Binding least) {
  if (operand.binding >= least) return operand;
  return {std::string("(").append(operand.text).append(")"), atomic, operand.depth + 1};
}

Written infix(const Written& a, std::string_view sign, const Written& b, Binding binding) {
  return {a.text + std::string(sign) + b.text, binding, std::max(a.depth, b.depth)};
}

Written called(std::string_view name, const Node& node, const std::vector<Written>& done) {
  Written result{std::string(name).append("("), atomic, 0};
  for (std::size_t k = 0; k < traits(node.operation).arity; ++k) {
    const Written& operand = done[node.operands[k]];
    if (k > 0) result.text += ", ";
    result.text += operand.text;
    result.depth = std::max(result.depth, operand.depth + 1);
  }
  result.text += ")";
  return result;
}

Written written(const Node& node, const std::vector<Written>& done, const std::vector<std::string>& axes) {
  const auto symbol = traits(node.operation).symbol;
  const Written& a = done[node.operands[0]];
  const Written& b = done[node.operands[1]];
  switch (node.operation) {
    case Operation::constant:
      return number(node.value);
    case Operation::time:
      return {"t"};
    case Operation::axis:
      return {axes[static_cast<std::size_t>(node.parameter)]};
    case Operation::negate:
      return infix({}, "-", bracketed(a, raising), negating);
    case Operation::add:
      return infix(bracketed(a, adding), " + ", bracketed(b, multiplying), adding);
    case Operation::subtract:
      return infix(bracketed(a, adding), " - ", bracketed(b, multiplying), adding);
    case Operation::multiply:
      return infix(bracketed(a, multiplying), "*", bracketed(b, raising), multiplying);
    case Operation::divide:
      return infix(bracketed(a, multiplying), "/", bracketed(b, raising), multiplying);
    case Operation::power:
      return infix(bracketed(a, atomic), "^", bracketed(b, raising), raising);
    case Operation::whole_power:
      return infix(bracketed(a, atomic), "^", number(node.parameter), raising);
    default:
      break;
  }
  if (node.operation >= Operation::less && node.operation <= Operation::not_equal)
    return infix(bracketed(a, adding), std::string(1, ' ').append(symbol).append(" "), bracketed(b, adding),
                 comparing);
  return called(symbol, node, done);
}

}  // namespace

std::string text(const Expression& expression, const std::vector<std::string>& axes) {
  std::vector<Written> done;
  done.reserve(expression.size());
  for (const Node& node : expression) {
    done.push_back(written(node, done, axes));
    if (done.back().text.size() > longest_text || done.back().depth > deepest_nesting)
      throw UnfitProblem("a formula is too long to be written out");
  }
  return done.back().text;
}

}  // namespace umkehr::expression
