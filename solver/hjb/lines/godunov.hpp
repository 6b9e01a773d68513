// SPDX-License-Identifier: GPL-3.0-or-later
// The Hamiltonian H(p) = D p^2/2 - b p on one-sided slopes p-, p+ of lines: Godunov's choice between them,
//   H = max(H(max(p-, b/D)), H(min(p+, b/D))),
// monotone, so that kinks move as the viscosity solution does (Osher & Shu, SIAM J. Numer. Anal. 28 (1991) 907); slopes by
// WENO schemes of order 3 and 5, central where lambda is smooth (Jiang & Peng, SIAM J. Sci. Comput. 21 (2000) 2126).
#pragma once

#include "grids/machine/lanes.hpp"

namespace umkehr::godunov {

struct Slopes {
  Lanes left, right;
};

/// Order 3, from differences on one side first: a, b | c.
[[gnu::always_inline]] inline Lanes weno3(Lanes a, Lanes b, Lanes c) {
  const Lanes behind = (b - a) * (b - a), ahead = (c - b) * (c - b);
  const Lanes tiny = 1e-6 * (a * a + b * b + c * c) + 1e-99;
  const Lanes ratio = (tiny + behind) / (tiny + ahead);
  return 0.5 * (b + c) - 0.5 / (1.0 + 2.0 * ratio * ratio) * (a - 2.0 * b + c);
}

/// Order 5, from differences a .. e with the point between c and d.
[[gnu::always_inline]] inline Lanes weno5(Lanes a, Lanes b, Lanes c, Lanes d, Lanes e) {
  const auto square = [](Lanes x) __attribute__((always_inline)) {
    return x * x;
  };
  const Lanes tiny = 1e-6 * (a * a + b * b + c * c + d * d + e * e) + 1e-99;
  const Lanes s1 = 13.0 / 12 * square(a - 2.0 * b + c) + 0.25 * square(a - 4.0 * b + 3.0 * c);
  const Lanes s2 = 13.0 / 12 * square(b - 2.0 * c + d) + 0.25 * square(b - d);
  const Lanes s3 = 13.0 / 12 * square(c - 2.0 * d + e) + 0.25 * square(3.0 * c - 4.0 * d + e);
  // Relative to the largest, so that nothing underflows.
  const Lanes w2 = 6.0 * square((s1 + tiny) / (s2 + tiny)), w3 = 3.0 * square((s1 + tiny) / (s3 + tiny));
  const Lanes sum = 1.0 + w2 + w3;
  return ((2.0 * a - 7.0 * b + 11.0 * c) + w2 * (-b + 5.0 * c + 2.0 * d) + w3 * (2.0 * c + 5.0 * d - e)) /
         (6.0 * sum);
}

/// At f[0] of a line with three more values on each side.
[[gnu::always_inline]] inline Slopes slopes(const Lanes* f, double inverse_spacing, int order) {
  const auto d = [&](int j) __attribute__((always_inline)) {
    return (f[j + 1] - f[j]) * inverse_spacing;
  };  // over the cell from j to j + 1
  if (order == 4) return {weno5(d(-3), d(-2), d(-1), d(0), d(1)), weno5(d(2), d(1), d(0), d(-1), d(-2))};
  return {weno3(d(-2), d(-1), d(0)), weno3(d(1), d(0), d(-1))};
}

struct Chosen {
  Lanes slope, hamiltonian;
};

[[gnu::always_inline]] inline Chosen choose(const Slopes& p, Lanes b, double diffusion) {
  const auto h = [&](Lanes q) __attribute__((always_inline)) {
    return (0.5 * diffusion * q - b) * q;
  };
  const Lanes none{}, least = diffusion > 0 ? b / diffusion : none;
  const auto from_left = diffusion * p.left - b > 0.0, from_right = diffusion * p.right - b < 0.0;
  const Lanes left = lanes::select(from_left, p.left, least),
              right = lanes::select(from_right, p.right, least);
  const Lanes h_left = h(left), h_right = h(right);
  const auto left_wins = h_left >= h_right;
  return {lanes::select(left_wins, left, right), lanes::select(left_wins, h_left, h_right)};
}

}  // namespace umkehr::godunov
