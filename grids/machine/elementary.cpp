// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/machine/elementary.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "grids/machine/infinity.hpp"
#include "grids/machine/unrolled.hpp"

namespace umkehr::lanes {
namespace {

template <class F>
void each(std::span<const double> x, std::span<double> out, F f) {
  std::size_t i = 0;
  for (; i + width <= x.size(); i += width) store(&out[i], f(load(&x[i])));
  if (i == x.size()) return;
  std::array<double, width> rest;
  rest.fill(x[i]);
  std::copy(x.begin() + static_cast<std::ptrdiff_t>(i), x.end(), rest.begin());
  store(rest.data(), f(load(rest.data())));
  std::copy_n(rest.begin(), x.size() - i, out.begin() + static_cast<std::ptrdiff_t>(i));
}

// x = 2^k (1 + f), 1 + f within [sqrt(1/2), sqrt(2)); log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), s = f/(2 + f).
[[gnu::always_inline]] inline Lanes natural_logarithm(Lanes x) {
  const Mask subnormal = x < std::numeric_limits<double>::min();
  const Lanes scaled = select(subnormal, x * 0x1p54, x);
  // The offset moves mantissas above sqrt(2) into the next octave.
  const Bits shifted = bits(scaled) + (0x3ff0000000000000ULL - 0x3fe6a09e667f3bcdULL);
  const Bits exponent = shifted >> 52;
  const Lanes k = from_bits(exponent | 0x4330000000000000ULL) - 0x1p52 -
                  select(subnormal, broadcast(1077), broadcast(1023));
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
  Lanes result = k * 6.93147180369123816490e-01 - ((half_square - low) - f);
  result = select(x == 0.0, broadcast(-infinity), result);
  result = select(x < 0.0, broadcast(std::numeric_limits<double>::quiet_NaN()), result);
  return select((x < infinity), result, select(x == infinity, x, x + x));
}

// x = n pi/2 + value, |value| <= pi/4; `quadrant` holds n in its lowest bits. The first two parts of pi/2 have 33 bits,
// so their products with n are exact, and so is the second difference wherever it is small.
struct Reduced {
  Lanes value;
  Bits quadrant;
};
[[gnu::always_inline]] inline Reduced modulo_half_pi(Lanes x) {
  const Rounded n = round(x * 6.36619772367581382433e-01);
  Lanes value = x - n.value * 1.57079632673412561417e+00;
  value = value - n.value * 6.07710050630396597660e-11;
  value = value - n.value * 2.02226624879595063154e-21;
  return {value, n.shifted};
}

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

// sin(x + turn pi/2)
template <std::uint64_t turn>
[[gnu::always_inline]] inline Lanes turned_sine(Lanes x) {
  const Reduced r = modulo_half_pi(x);
  const Bits quadrant = r.quadrant + turn;
  const Lanes square = r.value * r.value;
  const Mask odd = (quadrant & 1ULL) != 0ULL;
  const Lanes value = select(odd, cosine_kernel(square), sine_kernel(r.value, square));
  return from_bits(bits(value) ^ ((quadrant & 2ULL) << 62));
}

constexpr double farthest = 1e5;

bool all_near(std::span<const double> x) {
  Mask far = bits(broadcast(0)) != 0ULL;
  std::size_t i = 0;
  for (; i + width <= x.size(); i += width) far |= ~(abs(load(&x[i])) <= farthest);
  bool near = std::all_of(x.begin() + static_cast<std::ptrdiff_t>(i), x.end(),
                          [](double a) { return std::fabs(a) <= farthest; });
  for (std::size_t k = 0; k < width; ++k) near &= far[k] == 0;
  return near;
}

// The C library's function takes the place of the vector one in those lanes that the reduction cannot serve.
template <std::uint64_t turn, class Reference>
void full_range(std::span<const double> x, std::span<double> out, Reference reference) {
  if (all_near(x)) return each(x, out, [](Lanes a) UMKEHR_INLINE { return turned_sine<turn>(a); });
  each(x, out, [reference](Lanes a) UMKEHR_INLINE {
    Lanes result = turned_sine<turn>(a);
    for (std::size_t i = 0; i < width; ++i)
      if (!(std::fabs(a[i]) <= farthest)) result[i] = reference(a[i]);
    return result;
  });
}

[[gnu::always_inline]] inline Lanes hyperbolic_tangent(Lanes x) {
  const Lanes size = abs(x), z = x * x;
  const Lanes far = 1.0 - 2.0 / (exp(2.0 * size) + 1.0);
  const Lanes above =
      (-9.64399179425052238628e-1 * z - 9.92877231001918586564e1) * z - 1.61468768441708447952e3;
  const Lanes below =
      ((z + 1.12811678491632931402e2) * z + 2.23548839060100448583e3) * z + 4.84406305325125486048e3;
  const Lanes near = x + x * (z * (above / below));
  const Lanes signed_far = from_bits(bits(far) | (bits(x) & 0x8000000000000000ULL));
  return select(size < 0.625, near, signed_far);
}

}  // namespace

void exp(std::span<const double> x, std::span<double> out) {
  each(x, out, [](Lanes a) UMKEHR_INLINE { return exp(a); });
}

void log(std::span<const double> x, std::span<double> out) {
  each(x, out, [](Lanes a) UMKEHR_INLINE { return natural_logarithm(a); });
}

void sin(std::span<const double> x, std::span<double> out) {
  full_range<0>(x, out, [](double a) { return std::sin(a); });
}

void cos(std::span<const double> x, std::span<double> out) {
  full_range<1>(x, out, [](double a) { return std::cos(a); });
}

void tanh(std::span<const double> x, std::span<double> out) {
  each(x, out, [](Lanes a) UMKEHR_INLINE { return hyperbolic_tangent(a); });
}

}  // namespace umkehr::lanes
