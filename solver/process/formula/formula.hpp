// SPDX-License-Identifier: GPL-3.0-or-later
// Real formulas of (x, t): parsed once, compiled to bytecode, evaluated in blocks of points, differentiated exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "grids/points.hpp"

namespace umkehr {

namespace expression {
class Graph;
struct Node;
}  // namespace expression

/// What is wrong with a formula, and where: `column` counts bytes of `text` from 1.
class FormulaError : public std::runtime_error {
 public:
  FormulaError(std::string message, std::string text, std::size_t column, std::string definition = {})
      : std::runtime_error(std::move(message)),
        text_(std::move(text)),
        column_(column),
        definition_(std::move(definition)) {}
  /// The formula in which the error lies (a definition's, if it lies there).
  const std::string& text() const { return text_; }
  std::size_t column() const { return column_; }
  /// The name of the definition in which it lies; empty for the formula itself.
  const std::string& definition() const { return definition_; }

 private:
  std::string text_;
  std::size_t column_;
  std::string definition_;
};

/// Whether formulas already give this name a meaning: t, pi, e and the functions. Axes and definitions may not have it.
bool is_reserved_name(std::string_view name);

/// The names that a formula may use: the axes, in order, and definitions by other formulas.
struct FormulaNames {
  std::vector<std::string> axes = {"x"};
  std::map<std::string, std::string> definitions;  ///< only those that a formula uses are read
};

/// A real function of a point x of R^d and the time t. Immutable, cheap to copy, safe to share between threads.
class Formula {
 public:
  /// A formula of the grammar of the experiment file. Throws FormulaError, and UnfitProblem for names that
  /// are no names, reserved or given twice.
  static Formula parse(std::string_view text, const FormulaNames& names = {});
  static Formula constant(double value, std::size_t dimension);

  std::size_t dimension() const;
  /// Text that parses to this formula again, definitions written out. Throws UnfitProblem if that takes more
  /// characters or brackets than a formula may have.
  std::string text() const;

  /// out[i] = value at point i. Results do not depend on how points are grouped into batches. Points may have more
  /// axes than the formula. Throws UnfitProblem if they lack one that it uses, or `out` has another length.
  void operator()(const Points& x, double t, std::span<double> out) const;
  double operator()(std::span<const double> x, double t) const;

  bool depends_on_axis(std::size_t axis) const;
  bool depends_on_time() const;
  /// The value, if it depends on nothing.
  std::optional<double> constant_value() const;

  /// Whether no branch (of a comparison, abs, min, max, where) is chosen by an axis, or by any. Only then do derivatives
  /// tell what the formula is: those of pieces know nothing of the jumps and kinks between them.
  bool is_smooth_along(std::size_t axis) const;
  bool is_smooth() const;
  /// Whether comparisons or where choose by this axis; what abs, min and max make of continuous formulas is continuous.
  bool may_jump_along(std::size_t axis) const;
  /// Formulas of t alone that choose branches, each zero on one side of a change and something else on the other.
  std::vector<Formula> conditions_in_time() const;

  /// Exact partial derivatives; at jumps and kinks those of the piece.
  Formula derivative(std::size_t axis) const;
  Formula time_derivative() const;

  /// Both of the same dimension, or one of dimension 0, a function of time alone; else UnfitProblem.
  friend Formula operator+(const Formula&, const Formula&);
  friend Formula operator-(const Formula&, const Formula&);
  friend Formula operator*(const Formula&, const Formula&);
  friend Formula operator/(const Formula&, const Formula&);
  friend Formula operator-(const Formula&);

  /// Bounds of all its values over a box, but for rounding (formula_range.hpp): the least and the most.
  std::pair<double, double> range(std::span<const double> from, std::span<const double> to, double t) const;

  /// Functions that depend on some axis and at whose zeros comparisons, abs, min and max change their branch.
  std::vector<Formula> switches() const;

  /// A product of functions of one variable each: of t, and of each axis.
  struct Product {
    std::vector<Formula> axis_factors;  ///< d of them; factor k depends on axis k alone
    std::vector<Formula> time_factor;   ///< one formula of t alone
  };
  /// This formula as a sum of at most `most` such products, where its form shows one; else nothing.
  std::optional<std::vector<Product>> separate(std::size_t most = 16) const;

 private:
  struct Compiled;
  Formula(std::vector<expression::Node> expression, std::vector<std::string> axes);
  static Formula combine(const Formula& a, const Formula& b,
                         std::uint32_t (expression::Graph::*)(std::uint32_t, std::uint32_t));
  void evaluate(std::span<const double* const> axes, double t, std::span<double> out) const;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace umkehr
