// SPDX-License-Identifier: GPL-3.0-or-later
// Forward differentiation of the graph: one derivative a node, so that the result is a fixed multiple longer.
#include <numbers>

#include "solver/process/formula/formula_graph.hpp"

namespace umkehr::expression {
namespace {

class Differentiation {
 public:
  Differentiation(const Expression& expression, Operation variable, int axis)
      : expression_(expression), variable_(variable), axis_(axis), places_(graph_.insert(expression)) {}

  Expression result() {
    for (const Node& node : expression_) slopes_.push_back(slope(node));
    return graph_.extract(slopes_.back());
  }

 private:
  Index number(double value) { return graph_.constant(value); }
  Index square(Index a) { return graph_.power(a, number(2)); }
  Index operand(const Node& node, std::size_t k) const { return places_[node.operands[k]]; }

  Index slope(const Node& node);
  Index power(Index f, Index a, Index b, Index da, Index db);
  Index outer(Operation operation, Index f, Index a);

  const Expression& expression_;
  Operation variable_;
  int axis_;
  Graph graph_;
  std::vector<Index> places_, slopes_;
};

// d(a^b) = b a^(b-1) da + a^b ln(a) db. The second term has the limit 0 at a = 0 for b > 0, and vanishes where b stands
// still, although ln(a) need not be real there.
Index Differentiation::power(Index f, Index a, Index b, Index da, Index db) {
  const Index lowered = graph_.power(a, graph_.subtract(b, number(1)));
  const Index first = graph_.multiply(graph_.multiply(b, lowered), da);
  if (graph_.is_constant(db, 0)) return first;
  const Index second = graph_.multiply(graph_.multiply(f, graph_.apply(Operation::log, a)), db);
  if (graph_.is_constant(a) && graph_[a].value > 0) return second;
  const Index vanishes = graph_.apply(Operation::equal, graph_.multiply(a, db), number(0));
  return graph_.add(first, graph_.apply(Operation::where, vanishes, number(0), second));
}

// f'(a) of f(a).
Index Differentiation::outer(Operation operation, Index f, Index a) {
  const double erf_slope = 2 * std::numbers::inv_sqrtpi;
  const auto gaussian = [&](double factor) {
    return graph_.multiply(number(factor), graph_.apply(Operation::exp, graph_.negate(square(a))));
  };
  const auto arc = [&](double sign) {
    return graph_.divide(number(sign), graph_.apply(Operation::sqrt, graph_.subtract(number(1), square(a))));
  };
  switch (operation) {
    case Operation::exp:
      return f;
    case Operation::log:
      return graph_.divide(number(1), a);
    case Operation::sqrt:
      return graph_.divide(number(0.5), f);
    case Operation::abs:
      return graph_.subtract(graph_.apply(Operation::greater, a, number(0)),
                             graph_.apply(Operation::less, a, number(0)));
    case Operation::sin:
      return graph_.apply(Operation::cos, a);
    case Operation::cos:
      return graph_.negate(graph_.apply(Operation::sin, a));
    case Operation::tan:
      return graph_.add(number(1), square(f));
    case Operation::asin:
      return arc(1);
    case Operation::acos:
      return arc(-1);
    case Operation::atan:
      return graph_.divide(number(1), graph_.add(number(1), square(a)));
    case Operation::sinh:
      return graph_.apply(Operation::cosh, a);
    case Operation::cosh:
      return graph_.apply(Operation::sinh, a);
    case Operation::tanh:
      return graph_.subtract(number(1), square(f));
    case Operation::erf:
      return gaussian(erf_slope);
    case Operation::erfc:
      return gaussian(-erf_slope);
    default:
      return number(0);  // comparisons are constant wherever they have a derivative
  }
}

Index Differentiation::slope(const Node& node) {
  const Operation operation = node.operation;
  if (operation == Operation::constant) return number(0);
  if (operation == Operation::time || operation == Operation::axis)
    return number(operation == variable_ && node.parameter == axis_ ? 1 : 0);
  const std::size_t arity = traits(operation).arity;
  const Index f = places_[slopes_.size()], a = operand(node, 0), da = slopes_[node.operands[0]];
  const Index b = arity > 1 ? operand(node, 1) : a, db = arity > 1 ? slopes_[node.operands[1]] : da;
  switch (operation) {
    case Operation::negate:
      return graph_.negate(da);
    case Operation::add:
      return graph_.add(da, db);
    case Operation::subtract:
      return graph_.subtract(da, db);
    case Operation::multiply:
      return graph_.add(graph_.multiply(da, b), graph_.multiply(a, db));
    case Operation::divide:
      return graph_.divide(graph_.subtract(da, graph_.multiply(f, db)), b);
    case Operation::power:
      return power(f, a, b, da, db);
    case Operation::whole_power:
      return power(f, a, number(node.parameter), da, number(0));
    case Operation::atan2: {
      const Index turned = graph_.subtract(graph_.multiply(b, da), graph_.multiply(a, db));
      return graph_.divide(turned, graph_.add(square(a), square(b)));
    }
    case Operation::min:
      return graph_.apply(Operation::where, graph_.apply(Operation::less_equal, a, b), da, db);
    case Operation::max:
      return graph_.apply(Operation::where, graph_.apply(Operation::greater_equal, a, b), da, db);
    case Operation::where:
      return graph_.apply(Operation::where, a, db, slopes_[node.operands[2]]);
    default:
      break;
  }
  return graph_.is_constant(da, 0) ? da : graph_.multiply(outer(operation, f, a), da);
}

}  // namespace

Expression derivative(const Expression& expression, Operation variable, std::size_t axis) {
  return Differentiation(expression, variable, static_cast<int>(axis)).result();
}

}  // namespace umkehr::expression
