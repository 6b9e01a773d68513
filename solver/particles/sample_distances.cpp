// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/particles/sample_distances.hpp"

#include "solver/law/sample/law_sample.hpp"
#include "solver/particles/brownian_source.hpp"
#include "solver/particles/samples/energy_distance.hpp"
#include "solver/particles/samples/maximum_mean_discrepancy.hpp"
#include "solver/particles/samples/sliced_wasserstein.hpp"

namespace umkehr {
namespace {

constexpr std::uint64_t of_comparisons = 1'000'003;  // numbers that no run has seen

Points draws(const Law& law, const Grid* grid, std::size_t count, std::uint64_t seed) {
  const BrownianSource source(seed, of_comparisons);
  const LawSampler sampler(law, grid);
  Points uniforms(sampler.uniforms(), count), normals(sampler.normals(), count),
      x(sampler.dimension(), count);
  for (std::size_t k = 0; k < uniforms.dimension(); ++k)
    source.uniforms(0, 0, static_cast<std::uint32_t>(k), uniforms[k]);
  for (std::size_t k = 0; k < normals.dimension(); ++k)
    source.normals(0, 0, static_cast<std::uint32_t>(k), normals[k]);
  sampler.draw(uniforms, normals, x);
  return x;
}

}  // namespace

SampleDistances distances_to(const Law& law, const Grid* grid, const Points& particles, std::uint64_t seed) {
  const Points target = draws(law, grid, particles.count(), seed);
  return {energy_distance(particles, target), maximum_mean_discrepancy(particles, target),
          sliced_wasserstein(particles, target)};
}

}  // namespace umkehr
