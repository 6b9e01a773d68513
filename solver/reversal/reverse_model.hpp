// SPDX-License-Identifier: GPL-3.0-or-later
// What a trial score generates: the law of dx = (-F + D S) dr + sqrt(D) dW on the reversed clock (3.38, 3.41), from the exact
// law at `stop` down to `start`, on the line.
//
// Where F and S are affine it is closed form, by the dual process (A.7-A.11): with dx = (F - D S) ds + sqrt(D) dW taking x to
// N(E x + e, G) from s to stop, a Gaussian N(m, C) at stop was N(E^-1 (m - e), E^-1 (C + G) E^-T) at s.
// Else a Fourier solution in coordinates that move and spread with the law, y = (x - m(r))/sigma(r), m and sigma by the
// Gaussian closure dm/dr = E[g], dv_k/dr = 2 E[(x_k - m_k) g_k] + D_k: a law that spreads a hundredfold stays in its box,
// which is widened until nothing reaches its walls.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "grids/grid.hpp"
#include "solver/law/law_path.hpp"
#include "solver/process/process.hpp"
#include "solver/process/time_jumps.hpp"
#include "solver/score/trial_score.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {

struct ReverseModelChoices {
  double tolerance = 1e-10;     ///< of the Fourier solution in time
  std::vector<TimeJump> jumps;  ///< of coefficients and of the score, in t
  std::size_t points = 0;       ///< an axis, to begin with; 0: 288, 108 or 40 in one to three dimensions
};

struct ReverseModel {
  std::vector<std::shared_ptr<const LawAtTime>> law;  ///< at the times asked for
  bool is_closed_form = false;
  std::vector<std::string> warnings;
};

/// At ascending `times` from `start` to `stop`. Throws NumericalFailure, and what `progress` throws.
ReverseModel reverse_model(const Process& process, const Grid& grid,
                           const std::shared_ptr<const LawPath>& exact, const TrialScore& score, double start,
                           double stop, const std::vector<double>& times,
                           const ReverseModelChoices& choices = {}, const Progress& progress = {});

}  // namespace umkehr
