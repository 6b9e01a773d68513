// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/formula_branches.hpp"

#include <algorithm>

namespace umkehr::expression {
namespace {

bool chooses(const Node& node) {
  const Operation operation = node.operation;
  return (operation >= Operation::less && operation <= Operation::greater_equal) ||
         operation == Operation::abs || operation == Operation::min || operation == Operation::max;
}

bool depends_on_an_axis(const Expression& expression) {
  for (const Node& node : expression)
    if (node.operation == Operation::axis) return true;
  return false;
}

}  // namespace

std::vector<Expression> switches(const Expression& expression) {
  if (std::none_of(expression.begin(), expression.end(), chooses)) return {};
  Graph graph;
  const std::vector<Index> places = graph.insert(expression);
  std::vector<Expression> found;
  for (const Node& node : expression) {
    if (!chooses(node)) continue;
    const Index a = places[node.operands[0]];
    Expression each =
        graph.extract(node.operation == Operation::abs ? a : graph.subtract(a, places[node.operands[1]]));
    if (depends_on_an_axis(each)) found.push_back(std::move(each));
  }
  return found;
}

}  // namespace umkehr::expression
