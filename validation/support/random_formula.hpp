// SPDX-License-Identifier: GPL-3.0-or-later
// Random formulas of x, y and t with a second evaluation that shares nothing with the one under test: the tree in
// complex numbers. Its value at x + ih has the imaginary part h f'(x) without any difference (Squire, Trapp 1998).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <numbers>
#include <random>
#include <string>
#include <vector>

struct Tree {
  std::string name;  // of a leaf, an operator or a function
  std::vector<Tree> operands;

  std::string text() const {
    if (operands.empty()) return name;
    if (operands.size() == 1)
      return name == "-" ? "(-" + operands[0].text() + ")" : name + "(" + operands[0].text() + ")";
    if (std::string("+-*/^").find(name) != std::string::npos)
      return "(" + operands[0].text() + name + operands[1].text() + ")";
    std::string list;
    for (const Tree& operand : operands) list += (list.empty() ? "" : ",") + operand.text();
    return name == "step" ? "where(" + operands[0].text() + "<0.123," + operands[1].text() + "," +
                                operands[2].text() + ")"
                          : name + "(" + list + ")";
  }

  template <class Real>
  std::complex<Real> at(const std::array<std::complex<Real>, 3>& xyt) const;

  /// Whether every part of it is finite, has a finite slope, and is not zero: there the sign of a zero, or what stands
  /// for 0 times infinity, can decide the value.
  template <class Real>
  bool is_regular(const std::array<std::complex<Real>, 3>& xyt) const {
    const std::complex<Real> value = at(xyt);
    if (!std::isfinite(value.real()) || !std::isfinite(value.imag()) || value.real() == 0) return false;
    return std::all_of(operands.begin(), operands.end(),
                       [&](const Tree& tree) { return tree.is_regular(xyt); });
  }
};

namespace complex_step {

template <class Real>
using Complex = std::complex<Real>;

// For functions that are not analytic, or have no complex form: the value, and the slope by hand.
template <class Real>
Complex<Real> with_slope(Real value, Real slope, Complex<Real> a) {
  return {value, slope * a.imag()};
}

template <class Real>
Complex<Real> unary(const std::string& name, Complex<Real> a) {
  if (name == "-") return -a;
  if (name == "exp") return std::exp(a);
  if ((name == "log" || name == "sqrt") && a.real() < 0) return std::numeric_limits<Real>::quiet_NaN();
  if (name == "log") return std::log(a);
  if (name == "sqrt") return std::sqrt(a);
  if (name == "abs") return a.real() < 0 ? -a : a;
  if (name == "sin") return std::sin(a);
  if (name == "cos") return std::cos(a);
  if (name == "tan") return with_slope(std::tan(a.real()), 1 / (std::cos(a.real()) * std::cos(a.real())), a);
  if (name == "sinh") return std::sinh(a);
  if (name == "cosh") return std::cosh(a);
  if (name == "tanh")
    return with_slope(std::tanh(a.real()), 1 / (std::cosh(a.real()) * std::cosh(a.real())), a);
  if (name == "atan") return with_slope(std::atan(a.real()), 1 / (1 + a.real() * a.real()), a);
  if (name == "asin") return with_slope(std::asin(a.real()), 1 / std::sqrt(1 - a.real() * a.real()), a);
  if (name == "acos") return with_slope(std::acos(a.real()), -1 / std::sqrt(1 - a.real() * a.real()), a);
  const Real slope = 2 * std::numbers::inv_sqrtpi_v<Real> * std::exp(-a.real() * a.real());
  return name == "erf" ? with_slope(std::erf(a.real()), slope, a)
                       : with_slope(std::erfc(a.real()), -slope, a);
}

template <class Real>
Complex<Real> power(Complex<Real> a, Complex<Real> b) {
  const bool whole = std::nearbyint(b.real()) == b.real();
  if (whole && b.imag() == 0) return std::pow(a, static_cast<int>(b.real()));
  if (a.real() > 0) return std::pow(a, b);
  return std::numeric_limits<Real>::quiet_NaN();
}

template <class Real>
Complex<Real> binary(const std::string& name, Complex<Real> a, Complex<Real> b) {
  if (name == "+") return a + b;
  if (name == "-") return a - b;
  if (name == "*") return a * b;
  if (name == "/") return a / b;
  if (name == "^") return power(a, b);
  if (name == "min") return a.real() < b.real() || std::isnan(a.real()) ? a : b;
  if (name == "max") return a.real() > b.real() || std::isnan(a.real()) ? a : b;
  const Real square = a.real() * a.real() + b.real() * b.real();
  return {std::atan2(a.real(), b.real()), (b.real() * a.imag() - a.real() * b.imag()) / square};
}

}  // namespace complex_step

template <class Real>
std::complex<Real> Tree::at(const std::array<std::complex<Real>, 3>& xyt) const {
  if (name == "x") return xyt[0];
  if (name == "y") return xyt[1];
  if (name == "t") return xyt[2];
  if (operands.empty()) return static_cast<Real>(std::stod(name));
  if (operands.size() == 1) return complex_step::unary(name, operands[0].at(xyt));
  if (operands.size() == 2) return complex_step::binary(name, operands[0].at(xyt), operands[1].at(xyt));
  return operands[0].at(xyt).real() < static_cast<Real>(0.123) ? operands[1].at(xyt) : operands[2].at(xyt);
}

class RandomFormula {
 public:
  explicit RandomFormula(std::uint64_t seed) : random_(seed) {}

  double uniform(double from, double to) { return std::uniform_real_distribution<>(from, to)(random_); }
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  std::string one_of(const std::vector<std::string>& names) { return names[below(names.size())]; }

  Tree tree(std::size_t depth) {
    static const std::vector<std::string> leaves{"x",   "y", "t", "x",    "y",  "2",
                                                 "0.5", "1", "0", "3.25", "0.1"};
    static const std::vector<std::string> unaries{"-",    "exp",  "log",  "sqrt", "abs",  "sin",
                                                  "cos",  "tan",  "sinh", "cosh", "tanh", "atan",
                                                  "asin", "acos", "erf",  "erfc", "-"};
    static const std::vector<std::string> binaries{"+", "-",   "*",   "/",     "+", "-",
                                                   "*", "min", "max", "atan2", "^"};
    if (depth == 0 || below(8) == 0) return {one_of(leaves), {}};
    const std::size_t kind = below(10);
    if (kind < 3) return {one_of(unaries), {tree(depth - 1)}};
    if (kind == 3) return {"step", {tree(depth - 1), tree(depth - 1), tree(depth - 1)}};
    if (kind == 4) return {"^", {tree(depth - 1), {one_of({"2", "3", "5", "0.5", "1.5"}), {}}}};
    return {one_of(binaries), {tree(depth - 1), tree(depth - 1)}};
  }

 private:
  std::mt19937_64 random_;
};
