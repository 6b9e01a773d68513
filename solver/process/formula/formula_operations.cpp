// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/formula/formula_operations.hpp"

#include <cmath>
#include <cstdlib>
#include <span>

#include "grids/machine/elementary.hpp"
#include "grids/machine/lanes.hpp"

namespace umkehr::expression {
namespace {

using lanes::broadcast;
using lanes::load;
using lanes::Mask;
using lanes::select;
using lanes::store;

constexpr std::size_t whole_groups(std::size_t count) {
  return (count + lanes::width - 1) / lanes::width * lanes::width;
}

template <class F>
constexpr Loop lanewise(F) {
  return [](const Streams& operands, int, double* out, std::size_t count) {
    const auto [a, b, c] = operands;
    for (std::size_t i = 0, n = 0; i < count; i += lanes::width, ++n) {
      if constexpr (requires(Lanes l) { F{}(l, l, l); })
        store(out + i, F{}(load(a.data + n * a.step), load(b.data + n * b.step), load(c.data + n * c.step)));
      else
        store(out + i, F{}(load(a.data + n * a.step), load(b.data + n * b.step)));
    }
  };
}

// A function of one operand that is computed over arrays; such an operand never repeats over more than one group.
template <auto F>
void arraywise(const Streams& operands, int, double* out, std::size_t count) {
  const std::size_t n = whole_groups(count);
  F({operands[0].data, n}, {out, n});
}

template <class F>
constexpr Loop elementwise(F) {
  return [](const Streams& operands, int, double* out, std::size_t count) {
    const auto [a, b, c] = operands;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t group = i / lanes::width, lane = i % lanes::width;
      if constexpr (requires(double l) { F{}(l, l); })
        out[i] = F{}(a.data[group * a.step + lane], b.data[group * b.step + lane]);
      else
        out[i] = F{}(a.data[group * a.step + lane]);
    }
  };
}

void square_root(std::span<const double> x, std::span<double> out) {
  for (std::size_t i = 0; i < x.size(); ++i) out[i] = std::sqrt(x[i]);
}

void absolute(std::span<const double> x, std::span<double> out) {
  for (std::size_t i = 0; i < x.size(); ++i) out[i] = std::fabs(x[i]);
}

void negated(std::span<const double> x, std::span<double> out) {
  for (std::size_t i = 0; i < x.size(); ++i) out[i] = -x[i];
}

template <class F>
void each_group(Stream a, double* out, std::size_t count, F f) {
  for (std::size_t i = 0; i < count; i += lanes::width, a.data += a.step) store(out + i, f(load(a.data)));
}

// By squares and products of squares: the exponent's binary digits say which.
[[gnu::always_inline]] inline Lanes raised(Lanes x, unsigned exponent) {
  Lanes result = broadcast(1);
  for (; exponent != 0; exponent >>= 1, x *= x)
    if (exponent & 1U) result *= x;
  return result;
}

void whole_power(const Streams& operands, int exponent, double* out, std::size_t count) {
  const Stream a = operands[0];
  if (exponent == 2) return each_group(a, out, count, [](Lanes x) { return x * x; });
  if (exponent == 3) return each_group(a, out, count, [](Lanes x) { return x * x * x; });
  const auto n = static_cast<unsigned>(std::abs(exponent));
  if (exponent > 0) return each_group(a, out, count, [n](Lanes x) { return raised(x, n); });
  each_group(a, out, count, [n](Lanes x) { return 1.0 / raised(x, n); });
}

Lanes truth(Mask mask) {
  return select(mask, broadcast(1), broadcast(0));
}

const std::array<OperationTraits, static_cast<std::size_t>(Operation::where) + 1> table{{
    {"", 0, nullptr},
    {"t", 0, nullptr},
    {"", 0, nullptr},
    {"-", 1, arraywise<negated>},
    {"+", 2, lanewise([](Lanes a, Lanes b) { return a + b; })},
    {"-", 2, lanewise([](Lanes a, Lanes b) { return a - b; })},
    {"*", 2, lanewise([](Lanes a, Lanes b) { return a * b; })},
    {"/", 2, lanewise([](Lanes a, Lanes b) { return a / b; })},
    {"^", 2, elementwise([](double a, double b) { return std::pow(a, b); })},
    {"^", 1, whole_power},
    {"<", 2, lanewise([](Lanes a, Lanes b) { return truth(a < b); })},
    {"<=", 2, lanewise([](Lanes a, Lanes b) { return truth(a <= b); })},
    {">", 2, lanewise([](Lanes a, Lanes b) { return truth(a > b); })},
    {">=", 2, lanewise([](Lanes a, Lanes b) { return truth(a >= b); })},
    {"==", 2, lanewise([](Lanes a, Lanes b) { return truth(a == b); })},
    {"!=", 2, lanewise([](Lanes a, Lanes b) { return truth(a != b); })},
    {"abs", 1, arraywise<absolute>},
    {"acos", 1, elementwise([](double a) { return std::acos(a); })},
    {"asin", 1, elementwise([](double a) { return std::asin(a); })},
    {"atan", 1, elementwise([](double a) { return std::atan(a); })},
    {"atan2", 2, elementwise([](double a, double b) { return std::atan2(a, b); })},
    {"cos", 1, arraywise<static_cast<void (*)(std::span<const double>, std::span<double>)>(lanes::cos)>},
    {"cosh", 1, elementwise([](double a) { return std::cosh(a); })},
    {"erf", 1, elementwise([](double a) { return std::erf(a); })},
    {"erfc", 1, elementwise([](double a) { return std::erfc(a); })},
    {"exp", 1, arraywise<static_cast<void (*)(std::span<const double>, std::span<double>)>(lanes::exp)>},
    {"log", 1, arraywise<lanes::log>},
    // A NaN in either operand is the result.
    {"max", 2, lanewise([](Lanes a, Lanes b) { return select((a > b) | (a != a), a, b); })},
    {"min", 2, lanewise([](Lanes a, Lanes b) { return select((a < b) | (a != a), a, b); })},
    {"sin", 1, arraywise<lanes::sin>},
    {"sinh", 1, elementwise([](double a) { return std::sinh(a); })},
    {"sqrt", 1, arraywise<square_root>},
    {"tan", 1, elementwise([](double a) { return std::tan(a); })},
    {"tanh", 1, arraywise<lanes::tanh>},
    {"where", 3, lanewise([](Lanes c, Lanes a, Lanes b) { return select(c != 0.0, a, b); })},
}};

constexpr auto first_called = static_cast<std::size_t>(Operation::abs);

}  // namespace

const OperationTraits& traits(Operation operation) {
  return table[static_cast<std::size_t>(operation)];
}

std::optional<Operation> function_named(std::string_view name) {
  for (std::size_t i = first_called; i < table.size(); ++i)
    if (table[i].symbol == name) return static_cast<Operation>(i);
  return std::nullopt;
}

std::vector<std::string> function_names() {
  std::vector<std::string> names;
  for (std::size_t i = first_called; i < table.size(); ++i) names.emplace_back(table[i].symbol);
  return names;
}

double evaluate(Operation operation, const std::array<double, 3>& operands, int exponent) {
  std::array<std::array<double, lanes::width>, 3> groups;
  Streams streams;
  for (std::size_t k = 0; k < 3; ++k) {
    groups[k].fill(operands[k]);
    streams[k] = {groups[k].data(), 0};
  }
  std::array<double, lanes::width> out;
  traits(operation).kernel(streams, exponent, out.data(), 1);
  return out[0];
}

}  // namespace umkehr::expression
