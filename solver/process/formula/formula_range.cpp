// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/formula/formula_range.hpp"

#include <algorithm>
#include <boost/numeric/interval.hpp>
#include <cmath>
#include <numbers>
#include <vector>

#include "grids/machine/infinity.hpp"

namespace umkehr::expression {
namespace {

namespace intervals = boost::numeric::interval_lib;
// Rounding to nearest throughout: bounds need not hold to the last bit.
using Interval = boost::numeric::interval<
    double, intervals::policies<intervals::save_state_nothing<intervals::rounded_transc_exact<double>>,
                                intervals::checking_base<double>>>;

const Interval everything(-infinity, infinity);

Interval between(double a, double b) {
  return std::isnan(a) || std::isnan(b) ? everything : Interval(std::min(a, b), std::max(a, b));
}

/// Of a function that does not decrease.
template <class F>
Interval rising(const Interval& a, F f) {
  return between(f(a.lower()), f(a.upper()));
}

Interval truth(bool surely, bool never) {
  return surely ? Interval(1) : never ? Interval(0) : Interval(0, 1);
}

Interval less(const Interval& a, const Interval& b) {
  return truth(a.upper() < b.lower(), a.lower() >= b.upper());
}

Interval less_equal(const Interval& a, const Interval& b) {
  return truth(a.upper() <= b.lower(), a.lower() > b.upper());
}

Interval equal(const Interval& a, const Interval& b) {
  const bool never = a.upper() < b.lower() || b.upper() < a.lower();
  return truth(!never && a.lower() == a.upper() && b.lower() == b.upper(), never);
}

Interval chosen(const Interval& condition, const Interval& a, const Interval& b) {
  if (condition.lower() > 0 || condition.upper() < 0) return a;
  if (condition.lower() == 0 && condition.upper() == 0) return b;
  return hull(a, b);
}

Interval exponential(const Interval& a) {
  return rising(a, [](double x) { return std::exp(x); });
}

// Outside of a domain the value is no number, of which nothing can be said.
Interval logarithm(const Interval& a) {
  if (a.lower() < 0) return everything;
  return rising(a, [](double x) { return x > 0 ? std::log(x) : -infinity; });
}

Interval square_root(const Interval& a) {
  if (a.lower() < 0) return everything;
  return rising(a, [](double x) { return std::sqrt(x); });
}

Interval real_power(const Interval& a, const Interval& b) {
  if (a.lower() > 0) return exponential(b * logarithm(a));
  const bool is_root = b.lower() == b.upper() && b.lower() > 0 && a.lower() >= 0;
  return is_root ? rising(a, [&](double x) { return std::pow(x, b.lower()); }) : everything;
}

/// Boost's reduction of large arguments loses their digits: over more than a period there is nothing to reduce.
Interval sine(const Interval& a) {
  constexpr double quarter = std::numbers::pi / 2;
  if (!(width(a) < 4 * quarter)) return {-1, 1};
  const double first = std::floor(a.lower() / quarter), last = std::floor(a.upper() / quarter);
  double least = std::min(std::sin(a.lower()), std::sin(a.upper()));
  double most = std::max(std::sin(a.lower()), std::sin(a.upper()));
  for (double n = first + 1; n <= last; ++n) {
    const double at = std::fmod(std::fmod(n, 4) + 4, 4);
    if (at == 1) most = 1;
    if (at == 3) least = -1;
  }
  return {least, most};
}

Interval tangent(const Interval& a) {
  const Interval cosine = sine(a + Interval(std::numbers::pi / 2));
  return zero_in(cosine) ? everything : between(std::tan(a.lower()), std::tan(a.upper()));
}

Interval angle(const Interval& y, const Interval& x) {
  if (x.lower() > 0) return rising(y / x, [](double slope) { return std::atan(slope); });
  return {-std::numbers::pi, std::numbers::pi};
}

Interval arcsine(const Interval& a) {
  if (a.lower() < -1 || a.upper() > 1) return everything;
  return rising(a, [](double x) { return std::asin(x); });
}

Interval apply(const Node& node, const Interval& a, const Interval& b, const Interval& c) {
  switch (node.operation) {
    case Operation::negate:
      return -a;
    case Operation::add:
      return a + b;
    case Operation::subtract:
      return a - b;
    case Operation::multiply:
      return a * b;
    case Operation::divide:
      return zero_in(b) ? everything : a / b;
    case Operation::power:
      return real_power(a, b);
    case Operation::whole_power:
      if (node.parameter < 0) return zero_in(a) ? everything : Interval(1) / pow(a, -node.parameter);
      return pow(a, node.parameter);
    case Operation::less:
      return less(a, b);
    case Operation::less_equal:
      return less_equal(a, b);
    case Operation::greater:
      return less(b, a);
    case Operation::greater_equal:
      return less_equal(b, a);
    case Operation::equal:
      return equal(a, b);
    case Operation::not_equal:
      return Interval(1) - equal(a, b);
    case Operation::abs:
      return abs(a);
    case Operation::acos:
      return Interval(std::numbers::pi / 2) - arcsine(a);
    case Operation::asin:
      return arcsine(a);
    case Operation::atan:
      return rising(a, [](double x) { return std::atan(x); });
    case Operation::atan2:
      return angle(a, b);
    case Operation::cos:
      return sine(a + Interval(std::numbers::pi / 2));
    case Operation::cosh:
      return rising(abs(a), [](double x) { return std::cosh(x); });
    case Operation::erf:
      return rising(a, [](double x) { return std::erf(x); });
    case Operation::erfc:
      return between(std::erfc(a.lower()), std::erfc(a.upper()));
    case Operation::exp:
      return exponential(a);
    case Operation::log:
      return logarithm(a);
    case Operation::max:
      return max(a, b);
    case Operation::min:
      return min(a, b);
    case Operation::sin:
      return sine(a);
    case Operation::sinh:
      return rising(a, [](double x) { return std::sinh(x); });
    case Operation::sqrt:
      return square_root(a);
    case Operation::tan:
      return tangent(a);
    case Operation::tanh:
      return rising(a, [](double x) { return std::tanh(x); });
    case Operation::where:
      return chosen(a, b, c);
    case Operation::constant:
    case Operation::time:
    case Operation::axis:
      break;
  }
  return everything;
}

}  // namespace

Range range(const Expression& expression, std::span<const double> from, std::span<const double> to,
            double t) {
  thread_local std::vector<Interval> values;
  values.resize(expression.size());
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const Node& node = expression[i];
    const auto axis = static_cast<std::size_t>(node.parameter);
    if (node.operation == Operation::constant)
      values[i] = between(node.value, node.value);
    else if (node.operation == Operation::time)
      values[i] = Interval(t);
    else if (node.operation == Operation::axis)
      values[i] = Interval(from[axis], to[axis]);
    else
      values[i] = apply(node, values[node.operands[0]], values[node.operands[1]], values[node.operands[2]]);
    if (std::isnan(values[i].lower()) || std::isnan(values[i].upper())) values[i] = everything;
  }
  return {values.back().lower(), values.back().upper()};
}

}  // namespace umkehr::expression
