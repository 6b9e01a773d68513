// SPDX-License-Identifier: GPL-3.0-or-later
// Steps p -> R(h A) p along an axis. R is one of
//   backward Euler      1 / (1 - z)                                   order 1, positive for every h
//   Crank-Nicolson      (1 + z/2) / (1 - z/2)                         order 2, does not damp stiff modes
//   SDIRK2              (1 + (1 - 2g) z) / (1 - g z)^2, g = 1 - 1/sqrt(2)   order 2, L-stable
// the last from Alexander, SIAM J. Numer. Anal. 14 (1977) 1006. With s = (1 - g h A)^-1 p they are s, 2 s - p and
// (1 - g h A)^-1 ((1 - c) p + c s), c = (1 - g)/g.
#pragma once

#include "grids/machine/lanes.hpp"

namespace umkehr {

enum class LineScheme { sdirk2, crank_nicolson, backward_euler };

inline constexpr double sdirk2_part = 0.29289321881345247560;  // g
inline constexpr double sdirk2_share = 2.4142135623730950488;  // c

/// g: h multiplies A by this in the matrix that is solved with.
constexpr double implicit_part(LineScheme scheme) {
  if (scheme == LineScheme::sdirk2) return sdirk2_part;
  return scheme == LineScheme::crank_nicolson ? 0.5 : 1;
}

/// Of one batch, lane by lane: what settling its lines' mass needs to know.
struct LineSums {
  static constexpr std::size_t widest = 4 * lanes::width;
  double missing[widest];   // sum over cells of before - after
  double size[widest];      // sum over cells of |after|
  double left[widest];      // through the walls, by the scheme's quadrature of the flux
  double killed[widest]{};  // by the same quadrature, where killing acts along with the axis
};

}  // namespace umkehr
