// SPDX-License-Identifier: GPL-3.0-or-later
// What elementary.cpp and the normals of particles share: polynomials on reduced arguments, to be inlined.
#pragma once

#include "grids/machine/lanes.hpp"

namespace umkehr::lanes {

/// ln x for x that is positive, normal and finite; `bias` is what its exponent exceeds that of x by: 1023, unless x was scaled.
// x = 2^k (1 + f), 1 + f within [sqrt(1/2), sqrt(2)); log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), s = f/(2 + f).
[[gnu::always_inline]] inline Lanes logarithm_of_normal(Lanes x, Lanes bias) {
  // The offset moves mantissas above sqrt(2) into the next octave.
  const Bits shifted = bits(x) + (0x3ff0000000000000ULL - 0x3fe6a09e667f3bcdULL);
  const Bits exponent = shifted >> 52;
  const Lanes k = from_bits(exponent | 0x4330000000000000ULL) - 0x1p52 - bias;
  const Lanes f = from_bits((shifted & 0x000fffffffffffffULL) + 0x3fe6a09e667f3bcdULL) - 1.0;
  const Lanes s = f / (2.0 + f), z = s * s, half_square = 0.5 * f * f;
  Lanes p = broadcast(1.479819860511658591e-01);
  p = p * z + 1.531383769920937332e-01;
  p = p * z + 1.818357216161805012e-01;
  p = p * z + 2.222219843214978396e-01;
  p = p * z + 2.857142874366239149e-01;
  p = p * z + 3.999999999940941908e-01;
  p = p * z + 6.666666666666735130e-01;
  const Lanes low = s * (half_square + p * z) + k * 1.90821492927058770002e-10;
  return k * 6.93147180369123816490e-01 - ((half_square - low) - f);
}

/// sin x and cos x, |x| <= pi/4, square = x^2.
[[gnu::always_inline]] inline Lanes sine_kernel(Lanes x, Lanes square) {
  Lanes p = broadcast(1.58969099521155010221e-10);
  p = p * square - 2.50507602534068634195e-08;
  p = p * square + 2.75573137070700676789e-06;
  p = p * square - 1.98412698298579493134e-04;
  p = p * square + 8.33333333332248946124e-03;
  p = p * square - 1.66666666666666324348e-01;
  return x + (x * square) * p;
}

[[gnu::always_inline]] inline Lanes cosine_kernel(Lanes square) {
  Lanes p = broadcast(-1.13596475577881948265e-11);
  p = p * square + 2.08757232129817482790e-09;
  p = p * square - 2.75573143513906633035e-07;
  p = p * square + 2.48015872894767294178e-05;
  p = p * square - 1.38888888888741095749e-03;
  p = p * square + 4.16666666666666019037e-02;
  return 1.0 - (0.5 * square - (square * square) * p);
}

}  // namespace umkehr::lanes
