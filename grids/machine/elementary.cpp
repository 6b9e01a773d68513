// SPDX-License-Identifier: GPL-3.0-or-later
#include "grids/machine/elementary.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "grids/machine/elementary_kernels.hpp"
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

[[gnu::always_inline]] inline Lanes natural_logarithm(Lanes x) {
  const Mask subnormal = x < std::numeric_limits<double>::min();
  const Lanes scaled = select(subnormal, x * 0x1p54, x);
  Lanes result = logarithm_of_normal(scaled, select(subnormal, broadcast(1077), broadcast(1023)));
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
