// SPDX-License-Identifier: GPL-3.0-or-later
// Real formulas of (x, t): parsed once, compiled to bytecode, evaluated in blocks of points, differentiated exactly.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "grids/points.hpp"

namespace umkehr {

/// What is wrong with a formula, and where: `column` counts bytes of `text` from 1.
class FormulaError : public std::runtime_error {
 public:
  FormulaError(std::string message, std::string text, std::size_t column)
      : std::runtime_error(std::move(message)), text_(std::move(text)), column_(column) {}
  /// The formula in which the error lies (a definition's, if it lies there).
  const std::string& text() const { return text_; }
  std::size_t column() const { return column_; }

 private:
  std::string text_;
  std::size_t column_;
};

/// The names that a formula may use: the axes, in order, and definitions by other formulas.
struct FormulaNames {
  std::vector<std::string> axes = {"x"};
  std::map<std::string, std::string> definitions;
};

/// A real function of a point x of R^d and the time t. Immutable, cheap to copy, safe to share between threads.
class Formula {
 public:
  /// A formula of the grammar of the experiment file. Throws FormulaError.
  static Formula parse(std::string_view text, const FormulaNames& names = {});
  static Formula constant(double value, std::size_t dimension);

  std::size_t dimension() const;
  /// Text that parses to this formula again.
  std::string text() const;

  /// out[i] = value at point i. Results do not depend on how points are grouped into batches.
  void operator()(const Points& x, double t, std::span<double> out) const;
  double operator()(std::span<const double> x, double t) const;

  bool depends_on_axis(std::size_t axis) const;
  bool depends_on_time() const;
  /// The value, if it depends on nothing.
  std::optional<double> constant_value() const;

  /// Exact partial derivatives.
  Formula derivative(std::size_t axis) const;
  Formula time_derivative() const;

  friend Formula operator+(const Formula&, const Formula&);
  friend Formula operator-(const Formula&, const Formula&);
  friend Formula operator*(const Formula&, const Formula&);
  friend Formula operator/(const Formula&, const Formula&);
  friend Formula operator-(const Formula&);

  /// A product of functions of one variable each: of t, and of each axis.
  struct Product {
    std::vector<Formula> axis_factors;  ///< d of them; factor k depends on axis k alone
    std::vector<Formula> time_factor;   ///< one formula of t alone
  };
  /// This formula as a sum of at most `most` such products, where its form shows one; else nothing.
  std::optional<std::vector<Product>> separate(std::size_t most = 16) const;

  struct Node;  // an expression; see formula_node.hpp

 private:
  struct Program;
  explicit Formula(std::shared_ptr<const Node> root, std::size_t dimension);
  std::shared_ptr<const Node> root_;
  std::shared_ptr<const Program> program_;
  std::size_t dimension_ = 0;
};

}  // namespace umkehr
