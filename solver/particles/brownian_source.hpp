// SPDX-License-Identifier: GPL-3.0-or-later
// Standard normals and uniforms that are functions of (seed, particle, step, stream): whoever asks for them, in whatever
// order, gets the same bits. Threefry2x64-20 (Salmon, Moraes, Dror, Shaw, SC11 (2011)) on the counter (draw, step and stream)
// under the key (seed, purpose), then Box and Muller's map: of 64 bits, 36 make the radius and 28 the angle of two normals,
// so that |z| < 7.2. One draw serves four particles that stand eight apart.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace umkehr {

/// Threefry2x64-20 of one counter; the vector form below gives the same bits.
std::array<std::uint64_t, 2> threefry(std::array<std::uint64_t, 2> counter, std::array<std::uint64_t, 2> key);

class BrownianSource {
 public:
  static constexpr std::string_view name = "Threefry2x64-20, Box-Muller";
  static constexpr std::string_view generator = "Threefry2x64-20";  ///< of the words alone
  /// Runs that must not share numbers (levels, halves of a comparison) differ in `purpose`.
  explicit BrownianSource(std::uint64_t seed, std::uint64_t purpose = 0) : key_{seed, purpose} {}

  /// out[i] of particle first + i. Cheapest where `first` and the length are multiples of 32.
  void normals(std::uint64_t first, std::uint32_t step, std::uint32_t stream, std::span<double> out) const;
  /// In (0, 1), of 52 bits; other numbers than the normals of that stream are made of.
  void uniforms(std::uint64_t first, std::uint32_t step, std::uint32_t stream, std::span<double> out) const;

 private:
  std::array<std::uint64_t, 2> key_;
};

}  // namespace umkehr
