// SPDX-License-Identifier: GPL-3.0-or-later
// f(x, t) = sum_m g_m(t) h_m1(x_1) ... h_md(x_d), found from the leaves upwards: a node of one variable is a product
// by itself, sums join lists of products, products of sums are multiplied out.
#include "solver/process/formula/formula_separate.hpp"

#include <algorithm>
#include <utility>

namespace umkehr::expression {
namespace {

// One factor a variable: that of time first, which takes constants too, then those of the axes.
using Factors = std::vector<Index>;
using Sum = std::optional<std::vector<Factors>>;

// What a node depends on: nothing, one variable (0 for time, k + 1 for axis k), or several.
constexpr int nothing = -1, several = -2;

class Separation {
 public:
  Separation(const Expression& expression, std::size_t dimension, std::size_t most)
      : variables_(dimension + 1), most_(most), places_(graph_.insert(expression)), one_(graph_.constant(1)) {
    for (Index i = 0; i < expression.size(); ++i) {
      variable_.push_back(variable(expression[i]));
      sums_.push_back(limited(variable_[i] == several ? combined(expression[i]) : single(i)));
    }
  }

  std::optional<std::vector<SeparateTerm>> result() const {
    const Sum& sum = sums_.back();
    if (!sum) return std::nullopt;
    std::vector<SeparateTerm> terms;
    for (const Factors& factors : *sum) {
      SeparateTerm term{graph_.extract(factors[0]), {}};
      for (std::size_t k = 1; k < factors.size(); ++k) term.axes.push_back(graph_.extract(factors[k]));
      terms.push_back(std::move(term));
    }
    return terms;
  }

 private:
  int variable(const Node& node) const;
  Sum single(Index i);
  Sum combined(const Node& node);
  Sum limited(Sum sum) const;

  Sum joined(const Sum& a, const Sum& b, bool minus);
  Sum multiplied(const Sum& a, const Sum& b);
  Sum divided(const Sum& a, const Sum& b);
  Sum raised(const Sum& a, int exponent);
  void gather(std::vector<Factors>& terms, const Factors& term);

  std::size_t variables_, most_;
  Graph graph_;
  std::vector<Index> places_;
  Index one_;
  std::vector<int> variable_;
  std::vector<Sum> sums_;
};

// Terms that cancelled are dropped, but not the last one, which a formula that is zero keeps.
Sum Separation::limited(Sum sum) const {
  if (!sum) return sum;
  const auto vanishes = [this](const Factors& term) { return graph_.is_constant(term[0], 0); };
  if (!std::all_of(sum->begin(), sum->end(), vanishes))
    std::erase_if(*sum, vanishes);
  else
    sum->resize(1);
  return sum->size() <= most_ ? std::move(sum) : std::nullopt;
}

int Separation::variable(const Node& node) const {
  if (node.operation == Operation::time) return 0;
  if (node.operation == Operation::axis) return node.parameter + 1;
  int result = nothing;
  for (std::size_t k = 0; k < traits(node.operation).arity; ++k) {
    const int of_operand = variable_[node.operands[k]];
    if (result == nothing)
      result = of_operand;
    else if (of_operand != nothing && of_operand != result)
      result = several;
  }
  return result;
}

Sum Separation::single(Index i) {
  Factors factors(variables_, one_);
  factors[static_cast<std::size_t>(std::max(variable_[i], 0))] = places_[i];
  return std::vector<Factors>{factors};
}

Sum Separation::combined(const Node& node) {
  const Sum& a = sums_[node.operands[0]];
  const Sum& b = traits(node.operation).arity > 1 ? sums_[node.operands[1]] : a;
  if (!a || !b) return std::nullopt;
  switch (node.operation) {
    case Operation::negate:
      return joined(std::vector<Factors>{}, a, true);
    case Operation::add:
      return joined(a, b, false);
    case Operation::subtract:
      return joined(a, b, true);
    case Operation::multiply:
      return multiplied(a, b);
    case Operation::divide:
      return divided(a, b);
    case Operation::whole_power:
      return raised(a, node.parameter);
    default:
      return std::nullopt;
  }
}

// Terms that differ in time alone become one.
void Separation::gather(std::vector<Factors>& terms, const Factors& term) {
  for (Factors& other : terms)
    if (std::equal(term.begin() + 1, term.end(), other.begin() + 1)) {
      other[0] = graph_.add(other[0], term[0]);
      return;
    }
  terms.push_back(term);
}

Sum Separation::joined(const Sum& a, const Sum& b, bool minus) {
  std::vector<Factors> terms = *a;
  for (Factors term : *b) {
    if (minus) term[0] = graph_.negate(term[0]);
    gather(terms, term);
  }
  return terms;
}

Sum Separation::multiplied(const Sum& a, const Sum& b) {
  std::vector<Factors> terms;
  for (const Factors& left : *a)
    for (const Factors& right : *b) {
      Factors term(variables_);
      for (std::size_t k = 0; k < variables_; ++k) term[k] = graph_.multiply(left[k], right[k]);
      gather(terms, term);
    }
  return terms;
}

Sum Separation::divided(const Sum& a, const Sum& b) {
  if (b->size() != 1) return std::nullopt;
  std::vector<Factors> terms = *a;
  for (Factors& term : terms)
    for (std::size_t k = 0; k < variables_; ++k) term[k] = graph_.divide(term[k], b->front()[k]);
  return terms;
}

Sum Separation::raised(const Sum& a, int exponent) {
  if (a->size() == 1) {
    Factors term = a->front();
    for (Index& factor : term) factor = graph_.power(factor, graph_.constant(exponent));
    return std::vector<Factors>{term};
  }
  if (exponent < 0) return std::nullopt;
  Sum power = a;
  for (int n = 1; n < exponent && power; ++n) power = limited(multiplied(power, a));
  return power;
}

}  // namespace

std::optional<std::vector<SeparateTerm>> separate(const Expression& expression, std::size_t dimension,
                                                  std::size_t most) {
  return Separation(expression, dimension, most).result();
}

}  // namespace umkehr::expression
