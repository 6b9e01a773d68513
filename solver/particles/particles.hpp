// SPDX-License-Identifier: GPL-3.0-or-later
// Particles of a process, forward by (2.2) or back in time: by the reversed process dx = (-F + D S) dr + sqrt(D) dW (3.40,
// 3.41), or along the probability flow dx/ds = F - (D/2) S, whose laws at one time are the same. What is estimated of them
// comes with its standard error.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "grids/grid.hpp"
#include "solver/law/law.hpp"
#include "solver/particles/ensemble.hpp"
#include "solver/particles/estimators.hpp"
#include "solver/process/process.hpp"
#include "solver/score/score.hpp"

namespace umkehr {

enum class ParticleDirection { forward, reverse, flow };

struct ParticlesProblem {
  Process process;
  std::optional<Grid>
      grid;  ///< whose walls act, and in which formulas are normalised; nothing: the whole line
  Law law;   ///< at `start`; for reverse and flow at `stop`
  double start = 0, stop = 1;
  std::vector<double> times;             ///< to save at, ascending, on the forward clock
  std::shared_ptr<const Score> score;    ///< of reverse and flow
  std::shared_ptr<const Score> control;  ///< an extra drift u(x, t); may be none
  std::optional<Coefficient> terminal;   ///< J1, whose E[J1 exp(-int V)] at `stop` is wanted
  std::vector<Coefficient> observables;
  std::optional<Grid> bins;         ///< of a histogram
  std::vector<std::size_t> binned;  ///< the coordinate of each axis of the bins; empty: the first ones
};

struct ParticleChoices {
  ParticleDirection direction = ParticleDirection::forward;
  std::string
      scheme;     ///< empty: exact where the process is affine and neither walls nor control act, else srk
  double dt = 0;  ///< 0: a 200th of the time, all of it where steps are exact and nothing is killed
  bool logarithmic = false;  ///< steps that shrink towards the data end, in reverse
  double path_step =
      0;  ///< of the parts that the Brownian path is made of, whatever dt; 0: the steps themselves
  EnsembleChoices ensemble;
};

struct MomentEstimates {
  std::vector<Estimate> mean;  ///< (d)
  std::vector<std::vector<Estimate>>
      covariance;  ///< (j, k >= j); of more than 10 axes the variances alone, (j, 0)
};

/// At each saved time, on the forward clock.
struct ParticlesSolution {
  std::string scheme;
  std::size_t steps = 0;
  std::vector<Estimate> weight, effective_size;
  std::vector<MomentEstimates> moments;
  std::vector<std::vector<Estimate>> observables;  ///< (time, observable)
  std::vector<Histogram> histogram;                ///< none without bins
  std::vector<std::vector<Estimate>>
      passage;                    ///< (time, wall): left since the time before; empty without absorbing walls
  std::optional<Estimate> value;  ///< E[J1 exp(-int V)]
  std::optional<Estimate> path_kl;  ///< 1/2 E int |u|^2/D dt under the control (3.21)
  std::vector<Points> kept;         ///< of the first particles
  std::vector<std::vector<double>> kept_weight;
};

/// Throws UnfitProblem for choices that do not fit, NumericalFailure where particles run away or none is left.
ParticlesSolution solve_particles(const ParticlesProblem& problem, const ParticleChoices& choices,
                                  const Progress& progress = {});
/// One wall an axis, as its boundary says.
Walls walls_of(const Grid& grid);
/// Where draws of a law begin; `grid` as in ParticlesProblem.
ParticleStart start_of(const Law& law, const std::optional<Grid>& grid);
/// What solve_particles would refuse before it begins, and the scheme that it takes.
std::string particle_scheme_for(const ParticlesProblem& problem, const ParticleChoices& choices);

}  // namespace umkehr
