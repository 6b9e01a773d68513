// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/formula/formula_graph.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace umkehr::expression {
namespace {

bool commutes(Operation operation) {
  return operation == Operation::add || operation == Operation::multiply || operation == Operation::equal ||
         operation == Operation::not_equal;
}

std::array<Index, 3> ordered_operands(const Node& node) {
  auto operands = node.operands;
  if (commutes(node.operation) && operands[1] < operands[0]) std::swap(operands[0], operands[1]);
  return operands;
}

}  // namespace

std::size_t Graph::Hash::operator()(const Node& node) const {
  std::uint64_t hash = std::bit_cast<std::uint64_t>(node.value) + static_cast<std::uint64_t>(node.operation);
  const auto mix = [&hash](std::uint64_t more) {
    hash = (hash ^ (hash >> 29)) * 0xbf58476d1ce4e5b9ULL + more;
  };
  mix(static_cast<std::uint64_t>(node.parameter));
  for (const Index operand : ordered_operands(node)) mix(operand);
  mix(0);
  return hash ^ (hash >> 32);
}

bool Graph::Equal::operator()(const Node& a, const Node& b) const {
  return a.operation == b.operation && a.parameter == b.parameter &&
         std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value) &&
         ordered_operands(a) == ordered_operands(b);
}

Index Graph::intern(const Node& node) {
  const auto [place, is_new] = places_.try_emplace(node, static_cast<Index>(nodes_.size()));
  if (is_new) {
    bool spatial = node.operation == Operation::axis;
    for (std::size_t k = 0; k < traits(node.operation).arity; ++k)
      spatial = spatial || spatial_[node.operands[k]];
    nodes_.push_back(node);
    spatial_.push_back(spatial);
  }
  return place->second;
}

Index Graph::intern(Operation operation, Index a, Index b, Index c) {
  return intern({.operation = operation, .operands = {a, b, c}});
}

Index Graph::constant(double value) {
  return intern({.operation = Operation::constant, .value = value});
}

Index Graph::axis(std::size_t number) {
  return intern({.operation = Operation::axis, .parameter = static_cast<int>(number)});
}

std::vector<Index> Graph::insert(const Expression& expression) {
  std::vector<Index> places;
  places.reserve(expression.size());
  for (Node node : expression) {
    for (std::size_t k = 0; k < traits(node.operation).arity; ++k)
      node.operands[k] = places[node.operands[k]];
    places.push_back(intern(node));
  }
  return places;
}

Expression Graph::extract(Index root) const {
  std::vector<bool> needed(root + 1, false);
  needed[root] = true;
  for (Index i = root + 1; i-- > 0;)
    if (needed[i])
      for (std::size_t k = 0; k < traits(nodes_[i].operation).arity; ++k)
        needed[nodes_[i].operands[k]] = true;
  Expression expression;
  std::vector<Index> places(root + 1);
  for (Index i = 0; i <= root; ++i) {
    if (!needed[i]) continue;
    Node node = nodes_[i];
    for (std::size_t k = 0; k < traits(node.operation).arity; ++k)
      node.operands[k] = places[node.operands[k]];
    places[i] = static_cast<Index>(expression.size());
    expression.push_back(node);
  }
  return expression;
}

}  // namespace umkehr::expression
