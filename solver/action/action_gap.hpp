// SPDX-License-Identifier: GPL-3.0-or-later
// How far a model S of the score is from the best control u = D grad ln P of the reverse process, whose action is
// A[lambda = -ln P, P, u] with drift b = -F and running cost V_G = -div b on the reversed clock (3.31-3.35):
//
//   gap_action          A[u-hat] - A[u], u-hat = D S, lambda and P frozen (3.36), by the terms of (3.21) that hold u; the
//                       gradient of lambda is taken by differences of ln P
//   gap_score_matching  1/2 int sum_k D_k int P |S_k - d_k ln P|^2 dx dt = KL(exact reverse paths || model paths) (3.37)
//   gap_feasible        the same under the model's own density P-hat: KL(model paths || exact reverse paths)
//   endpoint_kl         KL(P_start || law that the model generates from the exact P_stop), on the line; <= gap_score_matching
//                       (3.18, infinitely many slices), with equality where the model has the bridges of the process
//   dsm_constant        C(start, stop) of (3.43) (denoising_constant.hpp)
//
// and, by particles, with standard errors, gap_score_matching twice more:
//
//   gap_path_kl         by Girsanov's formula along paths of the exact reverse process (path_divergence.hpp)
//   gap_dsm             the denoising loss less dsm_constant (denoising_loss.hpp)
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "grids/grid.hpp"
#include "solver/kolmogorov/choices.hpp"
#include "solver/law/law.hpp"
#include "solver/law/law_path.hpp"
#include "solver/particles/samples/estimate.hpp"
#include "solver/process/process.hpp"
#include "solver/score/trial_score.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {

struct ActionGapChoices {
  KolmogorovChoices forward;  ///< where the exact law is no closed form
  double tolerance = 1e-10;   ///< of the integrals over time, relative, and of the model's law
  std::size_t particles = 0;  ///< by which the gap is estimated again; 0: it is not
  std::uint64_t seed = 0;
  std::size_t steps = 200;  ///< of a particle's path
};

struct ActionGap {
  double action = 0, score_matching = 0;
  std::optional<double> feasible, endpoint_kl, dsm_constant;
  std::optional<Estimate> path_kl, dsm, dsm_gap;
  double quadrature_error =
      0;  ///< largest relative one of the integrals over time, estimated on the safe side
  std::optional<double>
      score_matching_error;  ///< of a law on cells, by one on half of them; none of a closed form
  bool exact_law = false, exact_model = false;
  std::vector<std::string> warnings;  ///< each with a number and a remedy
};

/// Throws UnfitProblem for what action_gap() would refuse before it computes.
void check_action_gap(const Process& process, const Grid& grid, const TrialScore& score, double origin,
                      double start, double stop);

/// Of the process whose law at `origin` <= start is `initial`. Throws UnfitProblem for choices that do not fit and
/// UnfitProblem where the law at `start` is a point, NumericalFailure where the cells do not resolve the law.
ActionGap action_gap(const Process& process, const Grid& grid, const Law& initial, double origin,
                     const TrialScore& score, double start, double stop, const ActionGapChoices& choices = {},
                     const Progress& progress = {});

/// (3.42): sum over s = 1 .. n - 1 of (dt/2) sum_k D_k E|S_k - d_k ln P|^2, reverse times t_s = s dt. Its order is 1.
double riemann_gap(const Process& process, const LawPath& exact, const TrialScore& score, double start,
                   double stop, std::size_t n);

}  // namespace umkehr
