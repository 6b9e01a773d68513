// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/brownian_source.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "grids/machine/elementary_kernels.hpp"
#include "grids/machine/lanes.hpp"
#include "grids/machine/unrolled.hpp"

namespace umkehr {
namespace {

using lanes::Bits;

constexpr std::size_t batch = 32;
constexpr std::uint64_t of_uniforms = std::uint64_t{1} << 63;  // of the counter's first word

template <class Word>
[[gnu::always_inline]] inline Word rotated(Word x, int by) {
  return (x << by) | (x >> (64 - by));
}

template <class Word>
struct Block128 {
  Word low, high;
};

/// Twenty rounds, a multiple of the key after every fourth.
template <class Word>
[[gnu::always_inline]] inline Block128<Word> threefry_rounds(Word x0, Word x1,
                                                             const std::array<std::uint64_t, 2>& key) {
  constexpr std::array<int, 8> rotation = {16, 42, 12, 31, 16, 32, 24, 21};
  const std::array<std::uint64_t, 3> k = {key[0], key[1], 0x1bd11bdaa9fc1a22ULL ^ key[0] ^ key[1]};
  x0 += k[0];
  x1 += k[1];
#pragma GCC unroll 20
  for (std::size_t round = 0; round < 20; ++round) {
    x0 += x1;
    x1 = rotated(x1, rotation[round % 8]) ^ x0;
    if (round % 4 == 3) {
      const std::size_t n = round / 4 + 1;
      x0 += k[n % 3];
      x1 += k[(n + 1) % 3] + n;
    }
  }
  return {x0, x1};
}

constexpr Bits eight_in_a_row = {0, 1, 2, 3, 4, 5, 6, 7};

[[gnu::always_inline]] inline Lanes square_root(Lanes a) {
  Lanes root;
  for (std::size_t i = 0; i < lanes::width; ++i) root[i] = std::sqrt(a[i]);
  return root;
}

/// A double in [1, 2) from the highest 52 bits.
[[gnu::always_inline]] inline Lanes one_to_two(Bits bits) {
  return lanes::from_bits((bits >> 12) | 0x3ff0000000000000ULL);
}

struct TwoNormals {
  Lanes cosine, sine;
};

/// The highest 36 bits are the radius; of the others two are the quadrant and 26 the angle in it, from -pi/4 to pi/4.
[[gnu::always_inline]] inline TwoNormals box_muller(Bits word) {
  const Lanes u = one_to_two(word & 0xfffffffff0000000ULL) - (1.0 - 0x1p-37);
  const Lanes radius = square_root(-2.0 * lanes::logarithm_of_normal(u, lanes::broadcast(1023)));
  const Lanes share = one_to_two(word << 38) - (1.5 - 0x1p-27);
  const Lanes angle = share * (std::numbers::pi / 2), square = angle * angle;
  const Lanes c = radius * lanes::cosine_kernel(square), s = radius * lanes::sine_kernel(angle, square);
  const Bits quadrant = (word >> 26) & 3ULL;
  const lanes::Mask is_odd = (quadrant & 1ULL) != 0ULL;
  const Lanes x = lanes::select(is_odd, s, c), y = lanes::select(is_odd, c, s);
  const Bits flip_x = ((quadrant + 1) & 2ULL) << 62, flip_y = (quadrant & 2ULL) << 62;
  return {lanes::from_bits(lanes::bits(x) ^ flip_x), lanes::from_bits(lanes::bits(y) ^ flip_y)};
}

/// Calls put(i, batch of numbers) for whole batches that cover the particles, each 32 of them in order.
template <class Draw>
void in_batches(std::uint64_t first, std::span<double> out, const Draw& draw) {
  std::size_t done = 0;
  while (done < out.size()) {
    const std::uint64_t particle = first + done;
    const std::size_t skipped = particle % batch;
    if (skipped == 0 && out.size() - done >= batch) {
      draw(particle / batch, &out[done]);
      done += batch;
      continue;
    }
    std::array<double, batch> whole;
    draw(particle / batch, whole.data());
    const std::size_t taken = std::min(batch - skipped, out.size() - done);
    std::copy_n(whole.begin() + static_cast<std::ptrdiff_t>(skipped), taken, &out[done]);
    done += taken;
  }
}

std::uint64_t joined(std::uint32_t step, std::uint32_t stream) {
  return (std::uint64_t{step} << 32) | stream;
}

}  // namespace

std::array<std::uint64_t, 2> threefry(std::array<std::uint64_t, 2> counter,
                                      std::array<std::uint64_t, 2> key) {
  const auto [low, high] = threefry_rounds(counter[0], counter[1], key);
  return {low, high};
}

void BrownianSource::normals(std::uint64_t first, std::uint32_t step, std::uint32_t stream,
                             std::span<double> out) const {
  in_batches(first, out, [&](std::uint64_t number, double* to) UMKEHR_INLINE {
    const Bits draw = eight_in_a_row + 8 * number;
    const auto [low, high] = threefry_rounds(draw, Bits{} + joined(step, stream), key_);
    const TwoNormals a = box_muller(low), b = box_muller(high);
    lanes::store(to, a.cosine);
    lanes::store(to + 8, a.sine);
    lanes::store(to + 16, b.cosine);
    lanes::store(to + 24, b.sine);
  });
}

void BrownianSource::uniforms(std::uint64_t first, std::uint32_t step, std::uint32_t stream,
                              std::span<double> out) const {
  in_batches(first, out, [&](std::uint64_t number, double* to) UMKEHR_INLINE {
    for (std::uint64_t half = 0; half < 2; ++half) {
      const Bits draw = (eight_in_a_row + 8 * (2 * number + half)) | of_uniforms;
      const auto [low, high] = threefry_rounds(draw, Bits{} + joined(step, stream), key_);
      lanes::store(to + 16 * half, one_to_two(low) - (1.0 - 0x1p-53));
      lanes::store(to + 16 * half + 8, one_to_two(high) - (1.0 - 0x1p-53));
    }
  });
}

}  // namespace umkehr
