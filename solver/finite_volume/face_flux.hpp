// SPDX-License-Identifier: GPL-3.0-or-later
// The flux through a face between two cells a distance h apart, exact where F and D are constant between their centres:
//   J = D/(2h) ( B(-z) p_left - B(z) p_right ),  B(z) = z / (e^z - 1),  z = int 2F/D dx from centre to centre.
// J = 0 where p_right / p_left = e^z: a density in equilibrium stays there. Both rates are positive for every z.
// Scharfetter & Gummel, IEEE Trans. Electron Devices 16 (1969) 64; Chang & Cooper, J. Comput. Phys. 6 (1970) 1.
#pragma once

#include "grids/machine/lanes.hpp"

namespace umkehr {

/// J / h = up p_left - down p_right, in 1/time.
struct FaceRates {
  Lanes up, down;
};

/// (z/2) coth(z/2) for z^2 <= 1.2, by its Taylor series; the next term is below 1e-16.
[[gnu::always_inline]] inline Lanes half_coth_half(Lanes z_squared) {
  Lanes sum = lanes::broadcast(-174611.0 / 802857662698291200000.0);
  sum = sum * z_squared + 43867.0 / 5109094217170944000.0;
  sum = sum * z_squared - 3617.0 / 10670622842880000.0;
  sum = sum * z_squared + 1.0 / 74724249600.0;
  sum = sum * z_squared - 691.0 / 1307674368000.0;
  sum = sum * z_squared + 1.0 / 47900160.0;
  sum = sum * z_squared - 1.0 / 1209600.0;
  sum = sum * z_squared + 1.0 / 30240.0;
  sum = sum * z_squared - 1.0 / 720.0;
  sum = sum * z_squared + 1.0 / 12.0;
  return sum * z_squared + 1.0;
}

inline constexpr double small_exponent = 1.09;  // its square is within the series' range

/// Rates for |z| <= small_exponent; scale = D/(2 h^2).
[[gnu::always_inline]] inline FaceRates face_rates_of_small(Lanes z, Lanes scale) {
  const Lanes even = scale * half_coth_half(z * z), odd = 0.5 * scale * z;
  return {even + odd, even - odd};
}

/// Rates for any z: B(|z|) first, which neither overflows nor cancels, then B(-|z|) = B(|z|) + |z|.
[[gnu::always_inline]] inline FaceRates face_rates(Lanes z, Lanes scale) {
  const Lanes size = lanes::abs(z);
  const Lanes decay = lanes::exp(-size);
  const lanes::Mask is_small = size <= small_exponent;
  const Lanes bounded = lanes::select(is_small, z, lanes::broadcast(0));
  const Lanes against =
      lanes::select(is_small, half_coth_half(bounded * bounded) - 0.5 * size, size * decay / (1.0 - decay));
  const Lanes along = against + size;
  const lanes::Mask rises = z >= 0.0;
  return {scale * lanes::select(rises, along, against), scale * lanes::select(rises, against, along)};
}

}  // namespace umkehr
