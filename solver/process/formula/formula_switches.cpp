// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/formula/formula_switches.hpp"

#include <algorithm>

namespace umkehr::expression {
namespace {

bool is_comparison(Operation operation) {
  return operation >= Operation::less && operation <= Operation::not_equal;
}

/// Equality holds at points only, where nothing passes through zero.
bool is_ordering(Operation operation) {
  return operation >= Operation::less && operation <= Operation::greater_equal;
}

bool is_kink(Operation operation) {
  return operation == Operation::abs || operation == Operation::max || operation == Operation::min;
}

/// For each node, whether one of some variables is below it.
template <class IsVariable>
std::vector<bool> dependence(const Expression& expression, const IsVariable& is_variable) {
  std::vector<bool> depends;
  for (const Node& node : expression) {
    bool any = is_variable(node);
    for (std::size_t k = 0; k < traits(node.operation).arity; ++k) any = any || depends[node.operands[k]];
    depends.push_back(any);
  }
  return depends;
}

std::vector<bool> dependence_on_axis(const Expression& expression, std::size_t axis) {
  return dependence(expression, [axis](const Node& node) {
    return node.operation == Operation::axis && static_cast<std::size_t>(node.parameter) == axis;
  });
}

/// Whether a node for which `chooses` holds is chosen by the axis.
template <class Chooses>
bool is_chosen_along(const Expression& expression, std::size_t axis, const Chooses& chooses) {
  const std::vector<bool> depends = dependence_on_axis(expression, axis);
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const Operation operation = expression[i].operation;
    const std::size_t choice = operation == Operation::where ? expression[i].operands[0] : i;
    if (chooses(operation) && depends[choice]) return true;
  }
  return false;
}

}  // namespace

bool is_smooth_along(const Expression& expression, std::size_t axis) {
  return !is_chosen_along(expression, axis, [](Operation operation) {
    return is_comparison(operation) || is_kink(operation) || operation == Operation::where;
  });
}

bool may_jump_along(const Expression& expression, std::size_t axis) {
  return is_chosen_along(expression, axis, [](Operation operation) {
    return is_comparison(operation) || operation == Operation::where;
  });
}

std::vector<Expression> conditions_in_time(const Expression& expression) {
  const auto timed = dependence(expression, [](const Node& n) { return n.operation == Operation::time; });
  const auto placed = dependence(expression, [](const Node& n) { return n.operation == Operation::axis; });
  Graph graph;
  const std::vector<Index> places = graph.insert(expression);
  std::vector<Expression> conditions;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const Node& node = expression[i];
    const std::size_t choice = node.operation == Operation::where ? node.operands[0] : i;
    if (!timed[choice] || placed[choice]) continue;
    const Index a = places[node.operands[0]], b = places[node.operands[1]];
    if (is_comparison(node.operation) || node.operation == Operation::where)
      conditions.push_back(graph.extract(places[choice]));
    else if (node.operation == Operation::abs)
      conditions.push_back(graph.extract(graph.apply(Operation::greater, a, graph.constant(0))));
    else if (is_kink(node.operation))
      conditions.push_back(graph.extract(graph.apply(Operation::greater, a, b)));
  }
  return conditions;
}

std::vector<Expression> switches(const Expression& expression) {
  const auto placed = dependence(expression, [](const Node& n) { return n.operation == Operation::axis; });
  Graph graph;
  const std::vector<Index> places = graph.insert(expression);
  std::vector<Expression> found;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const Node& node = expression[i];
    if (!placed[i] || !(is_kink(node.operation) || is_ordering(node.operation))) continue;
    const Index a = places[node.operands[0]];
    const bool is_alone = node.operation == Operation::abs;
    found.push_back(graph.extract(is_alone ? a : graph.subtract(a, places[node.operands[1]])));
  }
  return found;
}

}  // namespace umkehr::expression
