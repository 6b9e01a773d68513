// SPDX-License-Identifier: GPL-3.0-or-later
// Increments of Brownian motion over a step of length h, dW = sqrt(h) z and A = int (W(s) - W(t)) ds = h (dW + sqrt(h/3) z')/2,
// or sums of those over `refinement` equal parts of it: runs whose steps are made of the same parts see the same path.
#pragma once

#include <cstddef>
#include <cstdint>

#include "solver/particles/brownian_source.hpp"
#include "solver/particles/schemes/motion.hpp"

namespace umkehr {

class BrownianPath {
 public:
  struct Choices {
    bool with_area = false;
    bool antithetic = false;  ///< particles 2 j and 2 j + 1 see W and -W
    std::uint32_t refinement = 1;
  };
  BrownianPath(const BrownianSource& source, Choices choices) : source_(source), choices_(choices) {}

  /// Of step number n, for particles from `first` on, as many as the fields hold.
  void increments(std::uint64_t first, std::uint32_t n, double h, Increments& out) const;
  /// Standard normals, mirrored in pairs if the path is.
  void normals(std::uint64_t first, std::uint32_t n, std::uint32_t stream, std::span<double> out) const;
  /// In (0, 1); both of a pair the same.
  void uniforms(std::uint64_t first, std::uint32_t n, std::uint32_t stream, std::span<double> out) const;

 private:
  void part(std::uint64_t first, std::uint32_t n, double h, std::size_t axis, Increments& out) const;

  BrownianSource source_;
  Choices choices_;
};

}  // namespace umkehr
