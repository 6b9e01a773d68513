// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/brownian_path.hpp"

#include <cmath>
#include <vector>

namespace umkehr {
namespace {

/// From one number a pair to one a particle; `first` is even.
void spread_over_pairs(double sign, std::span<double> out) {
  for (std::size_t i = out.size(); i-- > 0;) out[i] = i % 2 == 0 ? out[i / 2] : sign * out[i / 2];
}

}  // namespace

void BrownianPath::normals(std::uint64_t first, std::uint32_t n, std::uint32_t stream,
                           std::span<double> out) const {
  if (!choices_.antithetic) return source_.normals(first, n, stream, out);
  source_.normals(first / 2, n, stream, out.first((out.size() + 1) / 2));
  spread_over_pairs(-1, out);
}

void BrownianPath::uniforms(std::uint64_t first, std::uint32_t n, std::uint32_t stream,
                            std::span<double> out) const {
  if (!choices_.antithetic) return source_.uniforms(first, n, stream, out);
  source_.uniforms(first / 2, n, stream, out.first((out.size() + 1) / 2));
  spread_over_pairs(1, out);
}

void BrownianPath::part(std::uint64_t first, std::uint32_t n, double h, std::size_t axis,
                        Increments& out) const {
  const auto stream = static_cast<std::uint32_t>(2 * axis);
  std::vector<double>& noise = out.noise[axis];
  normals(first, n, stream, noise);
  const double root = std::sqrt(h);
  if (choices_.with_area) {
    std::vector<double>& area = out.area[axis];
    normals(first, n, stream + 1, area);
    const double own = 0.5 * h * root, other = own / std::sqrt(3.0);
    for (std::size_t i = 0; i < area.size(); ++i) area[i] = own * noise[i] + other * area[i];
  }
  for (double& z : noise) z *= root;
}

void BrownianPath::increments(std::uint64_t first, std::uint32_t n, double h, Increments& out) const {
  for (std::size_t k = 0; k < out.noise.size(); ++k)
    part(first, n * choices_.refinement, h / choices_.refinement, k, out);
  if (choices_.refinement == 1) return;
  Increments next = out;
  for (std::uint32_t j = 1; j < choices_.refinement; ++j)
    for (std::size_t k = 0; k < out.noise.size(); ++k) {
      part(first, n * choices_.refinement + j, h / choices_.refinement, k, next);
      const double length = h / choices_.refinement;
      for (std::size_t i = 0; i < out.noise[k].size(); ++i) {
        if (choices_.with_area) out.area[k][i] += next.area[k][i] + length * out.noise[k][i];
        out.noise[k][i] += next.noise[k][i];
      }
    }
}

}  // namespace umkehr
