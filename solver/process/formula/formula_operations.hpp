// SPDX-License-Identifier: GPL-3.0-or-later
// What a formula can compute: each operation's name, number of operands and loop over lanes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace umkehr::expression {

// In this order the table in formula_operations.cpp lists them; those with a called name are the last ones.
enum class Operation : std::uint8_t {
  // clang-format off
  constant, time, axis,
  negate, add, subtract, multiply, divide, power, whole_power,
  less, less_equal, greater, greater_equal, equal, not_equal,
  abs, acos, asin, atan, atan2, cos, cosh, erf, erfc, exp, log, max, min, sin, sinh, sqrt, tan, tanh, where
  // clang-format on
};

/// An array of numbers, eight after eight (`step` 8), or the same eight again and again (`step` 0).
struct Stream {
  const double* data = nullptr;
  std::size_t step = 0;
};
using Streams = std::array<Stream, 3>;

/// out[i] = f(a[i], b[i], c[i]) for i < count, in groups of eight that `out` and the operands must have room for.
/// `exponent` is a whole power's.
using Loop = void (*)(const Streams& operands, int exponent, double* out, std::size_t count);

struct OperationTraits {
  std::string_view symbol;  ///< its name or sign in formulas
  std::size_t arity;        ///< its operands, 0 for leaves; a whole power's exponent is no operand
  Loop kernel;              ///< none for leaves
};
const OperationTraits& traits(Operation operation);

/// The operation that a formula calls by this name, if there is one.
std::optional<Operation> function_named(std::string_view name);
/// All names that formulas can call, in alphabetical order.
std::vector<std::string> function_names();

/// One value, with the bits that the kernel gives.
double evaluate(Operation operation, const std::array<double, 3>& operands, int exponent = 0);

}  // namespace umkehr::expression
