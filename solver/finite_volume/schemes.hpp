// SPDX-License-Identifier: GPL-3.0-or-later
// Schemes in time, p -> R(h A) p along an axis, from solutions s = (1 - g h A)^-1 p: another one is another struct here, and
// its name among the alternatives of LineScheme.
//   backward Euler      R = 1 / (1 - z)                    s          positive for every h
//   Crank-Nicolson      R = (1 + z/2) / (1 - z/2)          2 s - p    does not damp stiff modes
//   SDIRK2              R = (1 + (1 - 2g) z) / (1 - g z)^2, g = 1 - 1/sqrt(2): (1 - g h A)^-1 ((1 - c) p + c s),
//                       c = (1 - g)/g; L-stable (Alexander, SIAM J. Numer. Anal. 14 (1977) 1006).
// What leaves through a wall at a rate (times g h), and what is killed, follow by the scheme's quadrature from the cell's
// density before and after, and from solutions: of the latter so many times the solution, as its last digits are lost in
// differences where much is killed.
#pragma once

#include <string_view>
#include <variant>

#include "grids/machine/unrolled.hpp"
#include "solver/stepping/step.hpp"

namespace umkehr {

struct Sdirk2 {
  static constexpr std::string_view name = "sdirk2";
  static constexpr int order = 2;
  static constexpr bool starts_damped = false, solves_twice = true;
  static constexpr double implicit_part = 0.29289321881345247560;  // g
  static constexpr double share = 2.4142135623730950488;           // c
  static constexpr double killed_of_first = share, killed_of_last = 1;
  /// What the second solution is of; what leaves is the sum of both solutions' shares.
  template <class Value>
  UMKEHR_INLINE static Value mixed(Value before, Value solution) {
    return (1 - share) * before + share * solution;
  }
  static double left_of_first(double before, double mixed) { return mixed - (1 - share) * before; }
  template <class Value>
  UMKEHR_INLINE static Value after(Value, Value solution) {
    return solution;
  }
  static double left_of_last(double, double after) { return after; }
};

struct CrankNicolson {
  static constexpr std::string_view name = "crank-nicolson";
  static constexpr int order = 2;
  static constexpr bool starts_damped = true, solves_twice = false;
  static constexpr double implicit_part = 0.5, killed_of_last = 2;
  template <class Value>
  UMKEHR_INLINE static Value after(Value before, Value solution) {
    return 2.0 * solution - before;
  }
  static double left_of_last(double before, double after) { return before + after; }
};

struct BackwardEuler {
  static constexpr std::string_view name = "backward-euler";
  static constexpr int order = 1;
  static constexpr bool starts_damped = false, solves_twice = false;
  static constexpr double implicit_part = 1, killed_of_last = 1;
  template <class Value>
  UMKEHR_INLINE static Value after(Value, Value solution) {
    return solution;
  }
  static double left_of_last(double, double after) { return after; }
};

/// The usual one first.
using LineScheme = std::variant<Sdirk2, CrankNicolson, BackwardEuler>;

/// A scheme of whole steps, in so many parts of equal length; another one may take a run's first steps.
struct SplitScheme : Scheme {
  LineScheme line;
  int parts = 1;
  const SplitScheme* at_first = nullptr;
};

/// Rannacher, Numer. Math. 43 (1984) 309: what Crank-Nicolson would carry along is damped first.
inline constexpr SplitScheme damped_euler{{"two half steps of backward-euler", 1}, BackwardEuler{}, 2};

template <class Line>
inline constexpr SplitScheme split_scheme{
    {Line::name, Line::order}, Line{}, 1, Line::starts_damped ? &damped_euler : nullptr};

}  // namespace umkehr
