// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <numbers>

#include "solver/process/formula/formula_graph.hpp"

namespace umkehr::expression {
namespace {

// Beyond this the C library's power is the more accurate one.
constexpr int greatest_whole_power = 32;

// Constants are only multiplied together where neither overflow nor underflow can come of it.
bool is_safe(double factor) {
  return std::isnormal(factor);
}

bool is_whole(double exponent) {
  return std::fabs(exponent) <= greatest_whole_power && std::nearbyint(exponent) == exponent;
}

}  // namespace

bool Graph::all_constant(Operation operation, const std::array<Index, 3>& operands) const {
  for (std::size_t k = 0; k < traits(operation).arity; ++k)
    if (!is_constant(operands[k])) return false;
  return true;
}

Index Graph::fold(Operation operation, const std::array<Index, 3>& operands) {
  std::array<double, 3> values{};
  for (std::size_t k = 0; k < traits(operation).arity; ++k) values[k] = nodes_[operands[k]].value;
  return constant(evaluate(operation, values));
}

Graph::Scaled Graph::scaled(Index a) {
  const Node node = nodes_[a];
  const auto [first, second, third] = node.operands;
  if (node.operation == Operation::constant && is_safe(node.value)) return {node.value, constant(1)};
  if (node.operation == Operation::negate) return {-1, first};
  if (node.operation == Operation::divide && is_constant(first) && is_safe(nodes_[first].value))
    return {nodes_[first].value, intern(Operation::divide, constant(1), second)};
  if (node.operation == Operation::multiply && is_constant(first)) return {nodes_[first].value, second};
  if (node.operation == Operation::multiply && spatial_[a] && !spatial_[first]) {
    const Scaled time = scaled(first);
    return {time.factor, join(time.rest, second)};
  }
  return {1, a};
}

Graph::Split Graph::split(Index a) {
  const Node& node = nodes_[a];
  if (!spatial_[a]) return {a, constant(1)};
  if (node.operation == Operation::multiply && !spatial_[node.operands[0]])
    return {node.operands[0], node.operands[1]};
  return {constant(1), a};
}

// A product of two factors of which neither is to be changed.
Index Graph::join(Index a, Index b) {
  if (is_constant(a, 1)) return b;
  if (is_constant(b, 1)) return a;
  return intern(Operation::multiply, a, b);
}

Index Graph::scale(double factor, Index a) {
  const Node node = nodes_[a];
  if (factor == 1) return a;
  if (is_constant(a, 1)) return constant(factor);
  if (node.operation == Operation::divide && is_constant(node.operands[0], 1))
    return intern(Operation::divide, constant(factor), node.operands[1]);
  if (const Split parts = split(a); spatial_[a] && !is_constant(parts.time))
    return join(scale(factor, parts.time), parts.space);
  if (factor == -1) return negate(a);
  return join(constant(factor), a);
}

// A product of two factors, both of time or both of space, without constants in front.
Index Graph::product(Index a, Index b) {
  const auto base = [this](Index i) {
    return nodes_[i].operation == Operation::whole_power ? nodes_[i].operands[0] : i;
  };
  const auto exponent = [this](Index i) {
    return nodes_[i].operation == Operation::whole_power ? nodes_[i].parameter : 1;
  };
  const int sum = exponent(a) + exponent(b);
  const bool same_sign = (exponent(a) > 0) == (exponent(b) > 0);
  if (base(a) == base(b) && !is_constant(a) && same_sign && is_whole(sum)) return whole_power(base(a), sum);
  return join(a, b);
}

Index Graph::multiply(Index a, Index b) {
  if (is_constant(a) && is_constant(b)) return fold(Operation::multiply, {a, b});
  if (is_constant(a, 0) || is_constant(b, 0)) return constant(0);
  const Scaled left = scaled(a), right = scaled(b);
  const double factor = left.factor * right.factor;
  if (!is_safe(factor)) return join(a, b);
  const Split first = split(left.rest), second = split(right.rest);
  const Index time = product(first.time, second.time);
  const Index space = product(first.space, second.space);
  return scale(factor, join(time, space));
}

Index Graph::divide(Index a, Index b) {
  if (is_constant(a) && is_constant(b)) return fold(Operation::divide, {a, b});
  if (is_constant(a, 0)) return a;
  if (is_constant(b, 1)) return a;
  const Scaled top = scaled(a), bottom = scaled(b);
  const double factor = top.factor / bottom.factor;
  if (!is_safe(factor)) return intern(Operation::divide, a, b);
  if (is_constant(bottom.rest, 1)) {
    int exponent = 0;
    const bool exact = std::fabs(std::frexp(bottom.factor, &exponent)) == 0.5;
    if (exact || std::fabs(top.factor) != 1) return scale(factor, top.rest);
    return intern(Operation::divide, a, b);
  }
  const Split parts = split(top.rest);
  if (!spatial_[bottom.rest] && spatial_[a] && !is_constant(parts.time))
    return scale(factor, join(divide(parts.time, bottom.rest), parts.space));
  return scale(factor, intern(Operation::divide, top.rest, bottom.rest));
}

Index Graph::negate(Index a) {
  if (is_constant(a, 0)) return a;
  if (is_constant(a)) return fold(Operation::negate, {a});
  const Node node = nodes_[a];
  if (node.operation == Operation::subtract)
    return intern(Operation::subtract, node.operands[1], node.operands[0]);
  const Scaled parts = scaled(a);
  if (parts.factor != 1) return scale(-parts.factor, parts.rest);
  if (const Split halves = split(a); spatial_[a] && !is_constant(halves.time))
    return join(negate(halves.time), halves.space);
  return intern(Operation::negate, a);
}

Index Graph::whole_power(Index a, int exponent) {
  const Node node = nodes_[a];
  if (exponent == 1) return a;
  if (exponent == -1) return divide(constant(1), a);
  if (node.operation == Operation::negate) {
    const Index power = whole_power(node.operands[0], exponent);
    return exponent % 2 == 0 ? power : negate(power);
  }
  if (node.operation == Operation::whole_power && is_whole(static_cast<double>(node.parameter) * exponent))
    return whole_power(node.operands[0], node.parameter * exponent);
  return intern({.operation = Operation::whole_power, .parameter = exponent, .operands = {a}});
}

Index Graph::power(Index a, Index b) {
  if (is_constant(b, 0) || is_constant(a, 1)) return constant(1);
  if (is_constant(a) && is_constant(b)) return fold(Operation::power, {a, b});
  if (is_constant(b, 0.5)) return apply(Operation::sqrt, a);
  if (is_constant(a, std::numbers::e)) return apply(Operation::exp, b);
  if (is_constant(b) && is_whole(nodes_[b].value)) return whole_power(a, static_cast<int>(nodes_[b].value));
  return intern(Operation::power, a, b);
}

Index Graph::apply(Operation operation, Index a, Index b, Index c) {
  switch (operation) {
    case Operation::negate:
      return negate(a);
    case Operation::add:
      return add(a, b);
    case Operation::subtract:
      return subtract(a, b);
    case Operation::multiply:
      return multiply(a, b);
    case Operation::divide:
      return divide(a, b);
    case Operation::power:
      return power(a, b);
    default:
      break;
  }
  if (operation == Operation::where && is_constant(a)) return nodes_[a].value != 0 ? b : c;
  if (operation == Operation::where && b == c) return b;
  if ((operation == Operation::min || operation == Operation::max) && a == b) return a;
  if (all_constant(operation, {a, b, c})) return fold(operation, {a, b, c});
  // The root of a square has a kink, which its own derivative does not show.
  if (operation == Operation::sqrt && nodes_[a].operation == Operation::whole_power &&
      nodes_[a].parameter == 2)
    return apply(Operation::abs, nodes_[a].operands[0]);
  return intern(operation, a, b, c);
}

}  // namespace umkehr::expression
