// SPDX-License-Identifier: GPL-3.0-or-later
// Reverse diffusion (3.29-3.35, A.6-A.12; the derivatives in (3.29), (3.30), (A.6a) and (A.8) act on b chi), two ways:
//   as a bridge: on the reversed clock the reference has the drift b = -F (3.33) and is killed at V_G = -div b + V. Then
//     chi is the density P of the forward process (3.31, 3.32) from the data end (A.9) to the noise end (A.11), and
//     chi_hat, since kernels are those of the forward process with their ends exchanged (A.10), obeys
//       -d chi_hat/ds = F.grad chi_hat + (D/2) lap chi_hat - V chi_hat,
//     the backward equation of the forward process, by the transposed steps of the forward run; the density is
//     P chi_hat / <P, chi_hat>;
//   by Anderson's formula: the Fokker-Planck equation of the drift -F + D grad ln P (A.17, reversed_process.hpp).
// From the exact end chi_hat = 1 (A.12), and P comes back; from another density Q at the noise end, chi_hat = Q/P there. Of a
// process that is killed, or absorbed at walls, no reversal gives back what was lost: from the exact end it leads to the
// law of those that survive until `stop`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "grids/history.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"
#include "solver/reversal/reverse_action.hpp"

namespace umkehr {

struct ReverseDiffusionChoices {
  KolmogorovChoices kolmogorov;  ///< of Anderson's equation; the method must be that of the forward run
  std::optional<Law> initial;    ///< at the noise end; nothing: the exact end
};

/// On the forward clock, at the saved times of the forward run.
struct ReverseDiffusionSolution {
  History density;               ///< by Anderson's formula; cell means for finite volumes
  std::vector<History> control;  ///< u = D grad ln P, one an axis
  std::vector<double> error;     ///< relative L1 distance of the density from the law that is to come back
  double density_error = 0;      ///< the same at the first time, the data end
  std::optional<double> ways_difference;  ///< largest relative L1 distance of the two ways from each other
  ReverseAction action;                   ///< of the reversal from the exact end
  double lost = 0;  ///< of the forward mass, killed or absorbed between the first time and `stop`
  std::optional<double> start_kl;  ///< D_KL(P(stop) || initial)
  /// D_KL(law to come back || what comes), at the first time; at most start_kl (A.4).
  std::optional<double> endpoint_kl;
  Marched run;
  std::vector<double> hermite_centre, hermite_scale;
  std::vector<std::string> warnings;  ///< each with a number and a remedy
};

/// Reverses a forward run from `initial` at `start`, of which `of` was kept. Throws UnfitProblem where the law
/// at the first saved time is a point, or the choices do not fit, and what solve_fokker_planck throws.
ReverseDiffusionSolution reverse_diffusion(const FokkerPlanckReplay& of, const Law& initial, double start,
                                           const KolmogorovChoices& forward,
                                           const ReverseDiffusionChoices& choices,
                                           const Progress& progress = {});

}  // namespace umkehr
