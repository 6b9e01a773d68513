// SPDX-License-Identifier: GPL-3.0-or-later
// Many independent paths of dx = f dt + sqrt(D) dW, weighted by exp(-int V dt) (2.19, 2.31) or branching instead, between
// walls, and sums over them at saved times. Particles go through all steps in blocks that stay in the cache, so that memory
// knows neither their number nor that of the steps; sums have a fixed order, whatever the threads and the blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "grids/grid.hpp"
#include "grids/history.hpp"
#include "solver/particles/grouped_sums.hpp"
#include "solver/particles/schemes/motion.hpp"
#include "solver/particles/schemes/scheme.hpp"
#include "solver/particles/wall.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {

/// Where particles begin, made of uniforms in (0, 1) and standard normals of which each particle has its own.
struct ParticleStart {
  std::size_t uniforms = 0, normals = 0;
  std::function<void(const Points& uniforms, const Points& normals, Points& x)> draw;
};

/// c functions of x that are averaged.
struct ParticleFunctions {
  std::size_t count = 0;
  std::function<void(const Points& x, double t, Components& out)> evaluate;
};

struct EnsembleProblem {
  Motion motion;
  ParticleStart start;
  std::function<void(const Points& x, double t, std::span<double> out)> killing;  ///< V; nothing: none
  /// int of it over time is summed: |u|^2/(2 D) of a control, the integrand of an action; nothing: none.
  std::function<void(const Points& x, double t, std::span<double> out)> running;
  Walls walls;                ///< none, or one an axis
  std::vector<double> steps;  ///< times of the motion's clock, ascending: a step leads from each to the next
  std::vector<std::size_t> saved;  ///< ascending indices into them
  ParticleFunctions functions;
  std::vector<Grid> bins;           ///< none, or one grid, for histograms
  std::vector<std::size_t> binned;  ///< the coordinate of each of its axes; empty: the first ones
};

struct EnsembleChoices {
  std::size_t count = 100'000;
  std::uint64_t seed = 0, purpose = 0;
  std::uint64_t first = 0;  ///< number of the first particle
  bool branches = false;    ///< instead of weights
  bool antithetic = false;
  std::uint32_t refinement = 1;  ///< parts of a step that the Brownian path is made of
  std::size_t keep = 0;          ///< particles whose positions are kept at saved times
  std::size_t block = 1024;      ///< a multiple of 64: particles that stay in the cache
};

/// At each saved time a row of sums: of particles, of their weights w, of w^2, of w int running, of w f_j, and of the weight
/// that has left so far by each wall, two an axis.
struct EnsembleSums {
  std::size_t functions = 0, walls = 0;
  GroupedSums sums;

  std::size_t row() const { return 4 + functions + walls; }
  std::size_t count(std::size_t time) const { return time * row(); }
  std::size_t weight(std::size_t time) const { return time * row() + 1; }
  std::size_t square(std::size_t time) const { return time * row() + 2; }
  std::size_t running(std::size_t time) const { return time * row() + 3; }
  std::size_t function(std::size_t time, std::size_t j) const { return time * row() + 4 + j; }
  std::size_t left(std::size_t time, std::size_t wall) const { return time * row() + 4 + functions + wall; }
};

struct EnsembleRun {
  std::vector<double> times;
  EnsembleSums sums;
  History bin_weight, bin_square;  ///< sums of w and w^2 in each bin
  std::vector<Points> kept;        ///< at each saved time
  std::vector<std::vector<double>> kept_weight;
  std::size_t resampled = 0;  ///< how often blocks branched
};

/// Throws NumericalFailure, with the time, where a particle's place is not finite or none is left.
EnsembleRun run_ensemble(const EnsembleProblem& problem, const ParticleScheme& scheme,
                         const EnsembleChoices& choices, const Progress& progress = {});

}  // namespace umkehr
