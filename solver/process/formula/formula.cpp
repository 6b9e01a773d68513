// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/formula/formula.hpp"

#include <algorithm>
#include <array>

#include "grids/failure.hpp"
#include "solver/process/formula/formula_graph.hpp"
#include "solver/process/formula/formula_parser.hpp"
#include "solver/process/formula/formula_program.hpp"
#include "solver/process/formula/formula_range.hpp"
#include "solver/process/formula/formula_separate.hpp"
#include "solver/process/formula/formula_switches.hpp"

namespace umkehr {

using expression::Expression;
using expression::Graph;
using expression::Index;
using expression::Operation;

struct Formula::Compiled {
  Compiled(Expression formula, std::vector<std::string> names)
      : expression(std::move(formula)), axes(std::move(names)), program(expression) {}

  Expression expression;
  std::vector<std::string> axes;
  expression::Program program;
};

Formula::Formula(Expression expression, std::vector<std::string> axes)
    : compiled_(std::make_shared<const Compiled>(std::move(expression), std::move(axes))) {}

Formula Formula::parse(std::string_view text, const FormulaNames& names) {
  return {expression::parse(text, names), names.axes};
}

Formula Formula::constant(double value, std::size_t dimension) {
  std::vector<std::string> axes;
  for (std::size_t k = 0; k < dimension; ++k) axes.push_back(std::string("x").append(std::to_string(k + 1)));
  return {Expression{{.value = value}}, std::move(axes)};
}

std::size_t Formula::dimension() const {
  return compiled_->axes.size();
}

std::string Formula::text() const {
  return expression::text(compiled_->expression, compiled_->axes);
}

void Formula::evaluate(std::span<const double* const> axes, double t, std::span<double> out) const {
  for (const std::uint32_t axis : compiled_->program.used_axes())
    if (axis >= axes.size()) throw UnfitProblem("a formula is evaluated at points that lack an axis of it");
  compiled_->program.run(axes, t, out);
}

void Formula::operator()(const Points& x, double t, std::span<double> out) const {
  if (x.dimension() != 0 && x.count() != out.size())
    throw UnfitProblem("a formula's values need as much room as there are points");
  std::array<const double*, 8> few;
  std::vector<const double*> many;
  if (x.dimension() > few.size()) many.resize(x.dimension());
  const std::span<const double*> axes(many.empty() ? few.data() : many.data(), x.dimension());
  for (std::size_t k = 0; k < axes.size(); ++k) axes[k] = x[k].data();
  evaluate(axes, t, out);
}

double Formula::operator()(std::span<const double> x, double t) const {
  std::array<const double*, 8> few;
  std::vector<const double*> many;
  if (x.size() > few.size()) many.resize(x.size());
  const std::span<const double*> axes(many.empty() ? few.data() : many.data(), x.size());
  for (std::size_t k = 0; k < axes.size(); ++k) axes[k] = &x[k];
  double value = 0;
  evaluate(axes, t, {&value, 1});
  return value;
}

bool Formula::depends_on_axis(std::size_t axis) const {
  const auto used = compiled_->program.used_axes();
  return std::find(used.begin(), used.end(), axis) != used.end();
}

bool Formula::depends_on_time() const {
  const auto& nodes = compiled_->expression;
  return std::any_of(nodes.begin(), nodes.end(),
                     [](const auto& node) { return node.operation == Operation::time; });
}

std::optional<double> Formula::constant_value() const {
  const auto& root = compiled_->expression.back();
  return root.operation == Operation::constant ? std::optional(root.value) : std::nullopt;
}

bool Formula::is_smooth_along(std::size_t axis) const {
  return expression::is_smooth_along(compiled_->expression, axis);
}

bool Formula::is_smooth() const {
  for (std::size_t k = 0; k < dimension(); ++k)
    if (!is_smooth_along(k)) return false;
  return true;
}

bool Formula::may_jump_along(std::size_t axis) const {
  return expression::may_jump_along(compiled_->expression, axis);
}

std::pair<double, double> Formula::range(std::span<const double> from, std::span<const double> to,
                                         double t) const {
  const expression::Range bounds = expression::range(compiled_->expression, from, to, t);
  return {bounds.least, bounds.most};
}

std::vector<Formula> Formula::conditions_in_time() const {
  std::vector<Formula> conditions;
  for (Expression& condition : expression::conditions_in_time(compiled_->expression))
    conditions.push_back({std::move(condition), compiled_->axes});
  return conditions;
}

Formula Formula::derivative(std::size_t axis) const {
  return {expression::derivative(compiled_->expression, Operation::axis, axis), compiled_->axes};
}

Formula Formula::time_derivative() const {
  return {expression::derivative(compiled_->expression, Operation::time), compiled_->axes};
}

Formula Formula::combine(const Formula& a, const Formula& b, Index (Graph::*operation)(Index, Index)) {
  if (a.dimension() != b.dimension() && a.dimension() != 0 && b.dimension() != 0)
    throw UnfitProblem("formulas of different dimensions cannot be combined");
  Graph graph;
  const Index left = graph.insert(a.compiled_->expression).back();
  const Index right = graph.insert(b.compiled_->expression).back();
  const Index root = (graph.*operation)(left, right);
  return {graph.extract(root), a.dimension() != 0 ? a.compiled_->axes : b.compiled_->axes};
}

Formula operator+(const Formula& a, const Formula& b) {
  return Formula::combine(a, b, &Graph::add);
}
Formula operator-(const Formula& a, const Formula& b) {
  return Formula::combine(a, b, &Graph::subtract);
}
Formula operator*(const Formula& a, const Formula& b) {
  return Formula::combine(a, b, &Graph::multiply);
}
Formula operator/(const Formula& a, const Formula& b) {
  return Formula::combine(a, b, &Graph::divide);
}

Formula operator-(const Formula& a) {
  Graph graph;
  const Index root = graph.negate(graph.insert(a.compiled_->expression).back());
  return {graph.extract(root), a.compiled_->axes};
}

std::vector<Formula> Formula::switches() const {
  std::vector<Formula> found;
  for (Expression& each : expression::switches(compiled_->expression))
    found.push_back({std::move(each), compiled_->axes});
  return found;
}

std::optional<std::vector<Formula::Product>> Formula::separate(std::size_t most) const {
  const auto terms = expression::separate(compiled_->expression, dimension(), most);
  if (!terms) return std::nullopt;
  std::vector<Product> products;
  for (const expression::SeparateTerm& term : *terms) {
    Product product;
    product.time_factor.push_back({term.time, compiled_->axes});
    for (const Expression& factor : term.axes) product.axis_factors.push_back({factor, compiled_->axes});
    products.push_back(std::move(product));
  }
  return products;
}

}  // namespace umkehr
