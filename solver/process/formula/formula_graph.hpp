// SPDX-License-Identifier: GPL-3.0-or-later
// A formula as a directed acyclic graph, kept as a list in which operands stand before what uses them. Equal
// sub-expressions are one node, so nested definitions and derivatives stay as small as they were written; every pass
// over a formula is a loop over the list, so no formula is too deep.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "solver/process/formula/formula_operations.hpp"

namespace umkehr::expression {

using Index = std::uint32_t;

struct Node {
  Operation operation = Operation::constant;
  double value = 0;                 ///< of a constant
  int parameter = 0;                ///< number of an axis, or exponent of a whole power
  std::array<Index, 3> operands{};  ///< earlier nodes; as many as the operation takes count
};

/// Nodes in order; the last one is the formula itself, and all others are needed for it.
using Expression = std::vector<Node>;

/// Builds graphs, simplifying as it goes (formula_simplify.cpp): constants are folded, 0 and 1 drop out, like terms
/// of sums are collected. Products take the form (constant * function of time) * function of space.
class Graph {
 public:
  Index constant(double value);
  Index time() { return intern({.operation = Operation::time}); }
  Index axis(std::size_t number);

  Index negate(Index a);
  Index add(Index a, Index b);
  Index subtract(Index a, Index b);
  Index multiply(Index a, Index b);
  Index divide(Index a, Index b);
  Index power(Index a, Index b);
  /// Any operation with operands by its name, simplified like those above.
  Index apply(Operation operation, Index a, Index b = 0, Index c = 0);

  /// Adds all nodes of an expression; gives the place of each.
  std::vector<Index> insert(const Expression& expression);
  /// What is needed for one node.
  Expression extract(Index root) const;

  const Node& operator[](Index i) const { return nodes_[i]; }
  bool is_constant(Index i) const { return nodes_[i].operation == Operation::constant; }
  bool is_constant(Index i, double value) const { return is_constant(i) && nodes_[i].value == value; }
  std::size_t size() const { return nodes_.size(); }

 private:
  struct Hash {
    std::size_t operator()(const Node& node) const;
  };
  struct Equal {
    bool operator()(const Node& a, const Node& b) const;
  };
  /// A node as a constant times the rest.
  struct Scaled {
    double factor;
    Index rest;
  };
  /// A node as a function of time times a function of space.
  struct Split {
    Index time, space;
  };

  Index intern(const Node& node);
  Index intern(Operation operation, Index a, Index b = 0, Index c = 0);
  bool all_constant(Operation operation, const std::array<Index, 3>& operands) const;
  Index fold(Operation operation, const std::array<Index, 3>& operands);
  Scaled scaled(Index a);
  Split split(Index a);
  Index scale(double factor, Index a);
  Index product(Index a, Index b);
  Index join(Index a, Index b);
  Index whole_power(Index a, int exponent);
  bool add_terms(std::vector<Scaled>& terms, Index a, double sign);
  Index sum_of(const std::vector<Scaled>& terms);
  std::optional<Index> collected(Index a, Index b, double sign);

  std::vector<Node> nodes_;
  std::vector<bool> spatial_;  // whether a node depends on some axis
  std::unordered_map<Node, Index, Hash, Equal> places_;
};

/// The exact derivative by an axis or, with `Operation::time`, by time.
Expression derivative(const Expression& expression, Operation variable, std::size_t axis = 0);

/// Throws UnfitProblem where the text would break the limits of formulas.
std::string text(const Expression& expression, const std::vector<std::string>& axes);

}  // namespace umkehr::expression
