// SPDX-License-Identifier: GPL-3.0-or-later
// Sums: like terms of short ones are collected, however they are nested, so that what cancels is seen to cancel.
#include <algorithm>
#include <cmath>
#include <optional>

#include "solver/process/formula/formula_graph.hpp"

namespace umkehr::expression {
namespace {

// Longer sums are left as they are, which bounds the work.
constexpr std::size_t max_terms = 16;

}  // namespace

// Each term times the sign, joined with its like; false if there are too many.
bool Graph::add_terms(std::vector<Scaled>& terms, Index a, double sign) {
  std::vector<Scaled> open{{sign, a}};
  while (!open.empty()) {
    const auto [factor, place] = open.back();
    open.pop_back();
    const Node node = nodes_[place];
    if (node.operation == Operation::add || node.operation == Operation::subtract) {
      open.push_back({node.operation == Operation::add ? factor : -factor, node.operands[1]});
      open.push_back({factor, node.operands[0]});
    } else {
      const Scaled term = scaled(place);
      const auto like =
          std::find_if(terms.begin(), terms.end(), [&](const Scaled& t) { return t.rest == term.rest; });
      if (like != terms.end())
        like->factor += factor * term.factor;
      else
        terms.push_back({factor * term.factor, term.rest});
    }
    if (terms.size() + open.size() > max_terms) return false;
  }
  return true;
}

Index Graph::sum_of(const std::vector<Scaled>& terms) {
  std::optional<Index> sum;
  for (const auto& [factor, rest] : terms) {
    if (factor == 0) continue;
    if (!sum)
      sum = scale(factor, rest);
    else if (is_constant(rest, 1))
      sum = intern(Operation::add, *sum, constant(factor));
    else
      sum = intern(factor < 0 ? Operation::subtract : Operation::add, *sum, scale(std::fabs(factor), rest));
  }
  return sum.value_or(constant(0));
}

// a + sign b, if there are terms to collect.
std::optional<Index> Graph::collected(Index a, Index b, double sign) {
  std::vector<Scaled> left, right, all;
  if (!add_terms(left, a, 1) || !add_terms(right, b, sign)) return std::nullopt;
  if (!add_terms(all, a, 1) || !add_terms(all, b, sign) || all.size() == left.size() + right.size())
    return std::nullopt;
  const auto is_safe = [](const Scaled& term) { return term.factor == 0 || std::isnormal(term.factor); };
  if (!std::all_of(all.begin(), all.end(), is_safe)) return std::nullopt;
  return sum_of(all);
}

Index Graph::add(Index a, Index b) {
  if (is_constant(a) && is_constant(b)) return fold(Operation::add, {a, b});
  if (is_constant(a, 0)) return b;
  if (is_constant(b, 0)) return a;
  if (const auto sum = collected(a, b, 1)) return *sum;
  const Scaled left = scaled(a), right = scaled(b);
  if (!is_constant(b) && right.factor < 0)
    return intern(Operation::subtract, a, scale(-right.factor, right.rest));
  if (!is_constant(a) && left.factor < 0)
    return intern(Operation::subtract, b, scale(-left.factor, left.rest));
  return intern(Operation::add, a, b);
}

Index Graph::subtract(Index a, Index b) {
  if (is_constant(a) && is_constant(b)) return fold(Operation::subtract, {a, b});
  if (is_constant(b, 0)) return a;
  if (is_constant(a, 0)) return negate(b);
  if (a == b) return constant(0);
  if (const auto sum = collected(a, b, -1)) return *sum;
  const Scaled right = scaled(b);
  if (!is_constant(b) && right.factor < 0) return intern(Operation::add, a, scale(-right.factor, right.rest));
  return intern(Operation::subtract, a, b);
}

}  // namespace umkehr::expression
