// SPDX-License-Identifier: GPL-3.0-or-later
// The denoising loss of a model S of the score (3.43), whose excess over C (denoising_constant.hpp) is the action gap:
//   1/2 int sum_k D_k E |S_k(x_s, s) - d_k ln p(x_s|x_0)|^2 ds = gap + C,
// by draws of x_0 from the law at the origin of the process and of x_s = E x_0 + e + R z from the exact transition of an
// affine process, R R^T = Sigma. With d ln p = -R^-T z the square is S^2 + 2 S.R^-T z and (R^-T z)^2, whose integral over time
// is known: 1/2 int sum_k D_k (Sigma^-1)_kk ds = 1/2 ln(det Sigma(stop)/det Sigma(start)) - int tr A ds. It alone grows like
// 1/(s - origin); the rest is drawn with z and -z, at a time of its own in each of many strata, equal in
// relaxation_measure.hpp, so that its variance stays bounded as start approaches the origin. Far from there S and -R^-T z are
// nearly the same: the deviation of (R^-T z)^2 from its mean is a control variate, whose coefficient, a regression over the
// neighbouring strata, leaves the mean as it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "solver/law/gaussian_mixture.hpp"
#include "solver/law/law_path.hpp"
#include "solver/particles/samples/estimate.hpp"
#include "solver/process/process.hpp"
#include "solver/score/trial_score.hpp"

namespace umkehr {

struct DenoisingLossProblem {
  Process process;  ///< affine, not killed
  GaussianMixture initial;
  double origin = 0;
  std::shared_ptr<const LawPath> exact;  ///< the law at later times, where the model holds its score
  TrialScore score;
  double start = 0, stop = 1;  ///< origin < start
};

struct DenoisingLossChoices {
  std::size_t particles = 20'000;  ///< places x_s, in pairs
  std::uint64_t seed = 0;
};

/// Throws UnfitProblem where the process is not affine or start is not after the origin, NumericalFailure where the
/// loss is not finite.
Estimate denoising_loss(const DenoisingLossProblem& problem, const DenoisingLossChoices& choices = {});

}  // namespace umkehr
