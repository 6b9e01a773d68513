// SPDX-License-Identifier: GPL-3.0-or-later
// Multilevel Monte Carlo of Q = E[J1(x(T)) exp(-int V dt)] (2.29): on levels of steps h, h/2, h/4, ...
//   Q = E[P_0] + sum_l E[P_l - P_(l-1)] + bias,
// both of a difference on the same Brownian path, so that its variance v_l falls with l. N_l ~ sqrt(v_l/c_l) samples of cost
// c_l steps give the least cost; the bias |E[P_L - P_(L-1)]|/(2^a - 1) is told by the decay 2^-a of the differences that
// is seen (Giles, Oper. Res. 56 (2008) 607; Acta Numerica 24 (2015) 259). Samples depend on the seed alone.
#pragma once

#include <vector>

#include "solver/particles/particles.hpp"

namespace umkehr {

struct MultilevelChoices {
  double tolerance = 1e-2;  ///< of statistics and bias together, relative to |Q|
  std::string scheme;       ///< empty: the first of particle_schemes()
  double dt = 0;            ///< of the coarsest level; 0: a 16th of the time
  std::uint64_t seed = 0;
};

/// A level l: samples of P_0, or of P_l - P_(l-1).
struct MultilevelLevel {
  double mean = 0, variance = 0;  ///< of one sample
  double count = 0, cost = 0;     ///< samples; steps in time of one sample
};

struct MultilevelSolution {
  std::string scheme;
  Estimate value;         ///< its error: statistics and bias, as the root of their squares
  double bias_error = 0;  ///< of the steps in time on the finest level
  std::vector<MultilevelLevel> levels;
  double cost_ratio =
      0;  ///< steps of plain sampling on the finest level, to the same statistical error, over its own
};

/// Forward, with `terminal`, without control; walls act by weights. Throws UnfitProblem for others, NumericalFailure where
/// the tolerance takes too many levels or steps, as for a value of zero.
MultilevelSolution solve_multilevel(const ParticlesProblem& problem, const MultilevelChoices& choices,
                                    const Progress& progress = {});

}  // namespace umkehr
