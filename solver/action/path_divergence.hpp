// SPDX-License-Identifier: GPL-3.0-or-later
// The relative entropy of the paths of the exact reverse process against those of a model S of its score, both from the exact
// law at `stop` (3.36, 3.37, 3.40), by Girsanov's formula on particles of
//   dx = (-F + D s) dr + sqrt(D) dW,   s = grad ln P,   r = start + stop - t.
// With u = D (s - S), the drift that the model lacks, the log likelihood ratio of a path is
//   ln dP/dQ = int sum_k u_k dW_k/sqrt(D_k) + 1/2 int sum_k u_k^2/D_k dr,
// whose first part has mean zero and variance E int u^2/D: the mean of the second part alone is the better estimate.
// It is an axis more of the particles, of weak order 2 by Heun's scheme, at steps equal in relaxation_measure.hpp, and
// extrapolated from these and steps twice as long that see the same Brownian path (Talay and Tubaro, Stoch. Anal. Appl. 8
// (1990) 483). Under the model's paths the same integral is the relative entropy the other way round.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "grids/grid.hpp"
#include "solver/law/law_path.hpp"
#include "solver/particles/samples/estimate.hpp"
#include "solver/process/process.hpp"
#include "solver/score/trial_score.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {

struct PathDivergenceProblem {
  Process process;
  std::optional<Grid> grid;  ///< whose walls act where the law is known on it; nothing: the line
  std::shared_ptr<const LawPath> exact;
  TrialScore score;
  double start = 0, stop = 1;
};

enum class PathsOf { exact_score, model };

struct PathDivergenceChoices {
  std::size_t particles = 20'000;
  std::uint64_t seed = 0;
  std::size_t steps = 200;  ///< of a path; an odd number is rounded up
  PathsOf paths = PathsOf::exact_score;
};

/// Throws NumericalFailure where a particle's place or its integral is not finite, UnfitProblem for a single particle and
/// where the laws at all steps, on the grid, would not fit in memory.
Estimate path_divergence(const PathDivergenceProblem& problem, const PathDivergenceChoices& choices = {},
                         const Progress& progress = {});

/// What the log likelihood ratios themselves say: their mean, the same divergence, and E exp(-ln dP/dQ) = 1. By the
/// scheme named, without extrapolation; that of Euler and Maruyama keeps the second exactly for steps of any length.
struct LikelihoodRatios {
  Estimate mean, normalisation;
};
LikelihoodRatios likelihood_ratios(const PathDivergenceProblem& problem,
                                   const PathDivergenceChoices& choices = {},
                                   const std::string& scheme = "heun");

/// Bytes that laws on a grid take at all steps, or the most that is not refused.
double path_divergence_memory(const Grid& grid, std::size_t steps);

}  // namespace umkehr
