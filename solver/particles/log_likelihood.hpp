// SPDX-License-Identifier: GPL-3.0-or-later
// The logarithm of a density at points, by the probability flow v = F - (D/2) S (flow_scheme.hpp), which carries the law
// along: ln P falls at the rate div v where x goes with v, so that
//   ln P(x, start) = ln P(x(stop), stop) + int_start^stop sum_k (d_k F_k - D_k d_k S_k / 2)(x(t), t) dt
// (Chen et al., NeurIPS 2018; Song et al., ICLR 2021). Derivatives are exact: of formulas, and of scores that know theirs.
// The integral is one more coordinate of the flow; steps are as long as the worst of 64 points allows.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "solver/process/process.hpp"
#include "solver/score/score.hpp"

namespace umkehr {

struct FlowLikelihood {
  Process process;
  std::shared_ptr<const Score> score;
  std::function<void(const Points& x, std::span<double> out)> log_density;  ///< at `stop`
  double start = 0, stop = 1;
  double tolerance = 1e-11;  ///< of a step
};

/// Throws UnfitProblem where derivatives are not known: of a score, of a drift that is no formula or jumps in x; with
/// killing, under which the flow does not carry the law.
void check_flow_likelihood(const Process& process, const Score& score);

/// ln P at `start`, one a point. Throws as above, NumericalFailure where steps become too short.
std::vector<double> log_likelihood(const FlowLikelihood& problem, const Points& points);

}  // namespace umkehr
