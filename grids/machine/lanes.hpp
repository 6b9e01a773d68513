// SPDX-License-Identifier: GPL-3.0-or-later
// Eight doubles that are computed together, one result each, whatever the machine: a compiler without vectors
// of this width splits them. A lane's result depends on that lane's operands alone.
//
// exp(x) = 2^n exp(r), n = round(x / ln 2), |r| <= ln(2)/2, exp(r) = 1 + r + r^2 p(r) with p of degree 9 through
// Chebyshev's points, off by 1.6e-17 of exp(r) at most. Error about 1 ulp; right at overflow and for subnormal results.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

// Lanes pass between functions in memory where registers are narrower; nothing here crosses a library's
// border.
#pragma GCC diagnostic ignored "-Wpsabi"

namespace umkehr {

using Lanes = double __attribute__((vector_size(64)));

namespace lanes {

inline constexpr std::size_t width = 8;
/// The bits of eight doubles, and what a comparison gives: all ones where true.
using Bits = std::uint64_t __attribute__((vector_size(64)));
using Mask = std::int64_t __attribute__((vector_size(64)));

[[gnu::always_inline]] inline Lanes load(const double* from) {
  Lanes a;
  std::memcpy(&a, from, sizeof a);
  return a;
}

[[gnu::always_inline]] inline void store(double* to, Lanes a) {
  std::memcpy(to, &a, sizeof a);
}

[[gnu::always_inline]] inline Lanes broadcast(double a) {
  return Lanes{a, a, a, a, a, a, a, a};
}

[[gnu::always_inline]] inline Bits bits(Lanes a) {
  return std::bit_cast<Bits>(a);
}

[[gnu::always_inline]] inline Lanes from_bits(Bits a) {
  return std::bit_cast<Lanes>(a);
}

/// Lane by lane: a where the mask is true, else b.
[[gnu::always_inline]] inline Lanes select(Mask mask, Lanes a, Lanes b) {
#if defined(__clang__)
  const Bits chosen = std::bit_cast<Bits>(mask);
  return from_bits((chosen & bits(a)) | (~chosen & bits(b)));
#else
  return mask ? a : b;
#endif
}

[[gnu::always_inline]] inline Lanes abs(Lanes a) {
  return from_bits(bits(a) & 0x7fffffffffffffffULL);
}

/// The integer nearest to a, |a| < 2^51, as a double, and its bits in the low end of `shifted`.
struct Rounded {
  Lanes value;
  Bits shifted;
};
[[gnu::always_inline]] inline Rounded round(Lanes a) {
  constexpr double shift = 0x1.8p52;
  const Lanes shifted = a + shift;
  return {shifted - shift, bits(shifted)};
}

[[gnu::always_inline]] inline Lanes exp(Lanes x) {
  x = select(x > 710.0, broadcast(710.0), x);
  x = select(x < -746.0, broadcast(-746.0), x);
  const Rounded n = round(x * 0x1.71547652b82fep0);
  const Lanes r = (x - n.value * 0x1.62e42fefa38p-1) - n.value * 0x1.ef35793c7673p-45;
  Lanes p = broadcast(2.510038549551032e-08);
  p = p * r + 2.7620088445409746e-07;
  p = p * r + 2.7557268459997064e-06;
  p = p * r + 2.4801521295954376e-05;
  p = p * r + 1.9841269863053618e-04;
  p = p * r + 1.3888888917213717e-03;
  p = p * r + 8.333333333330062e-03;
  p = p * r + 4.166666666662413e-02;
  p = p * r + 1.6666666666666669e-01;
  p = p * r + 5.000000000000001e-01;
  p = (p * r) * r + r + 1.0;
  // 2^n in two factors, since n may leave the range of exponents where the product does not. The low bits of
  // `shifted` hold n; with 2048 added each half, less one, is a biased exponent.
  const Bits whole = (n.shifted & 0xfffULL) ^ 0x800ULL;
  const Bits half = whole >> 1;
  return p * from_bits((half - 1) << 52) * from_bits((whole - half - 1) << 52);
}

}  // namespace lanes
}  // namespace umkehr
