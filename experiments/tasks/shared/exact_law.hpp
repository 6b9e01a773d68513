// SPDX-License-Identifier: GPL-3.0-or-later
// The law of a run in closed form: a Gaussian mixture under an affine process stays one,
//   P(x, t) = sum_c w_c N(x; m_c(t), C_c(t))                                                      (the corrected (2.35)),
// on the line without walls; around a periodic axis that no coefficient knows it is wrapped (circle.hpp).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "experiments/input/problem.hpp"
#include "experiments/tasks/shared/task.hpp"
#include "solver/law/affine.hpp"

namespace umkehr {

/// The law at a saved time.
struct LawSnapshot {
  std::size_t n;  ///< of the saved times
  double time;
  GaussianMixture on_line, law;  ///< without and with its images around periodic axes
};

class ExactLaw {
 public:
  /// `forward` is the run whose law it is, also that of its exact reversal.
  ExactLaw(const Problem& problem, AffineProcess process, const ForwardRun& forward, GaussianMixture initial);

  const AffineProcess& process() const { return process_; }
  const GaussianMixture& initial() const { return initial_; }
  double start() const { return start_; }
  /// Whether the run's density is means over the cells.
  bool has_cell_means() const { return has_cell_means_; }

  /// Times at which the law is a point, which has no density, are left out.
  std::vector<LawSnapshot> at(const std::vector<double>& times) const;
  /// Also where it is a point.
  GaussianMixture on_line_at(double time) const;
  /// What a run has as its density (finite volume: cell means, else values at the centres), log_density, score_*,
  /// control_* (D times the score), mass or entropy; empty for a variable of another name.
  std::vector<double> values_of(const std::string& variable, const LawSnapshot& snapshot) const;
  /// The share of the law beyond the walls, of which it does not know.
  double mass_outside(const LawSnapshot& snapshot) const;

 private:
  std::vector<double> cell_means_of(const GaussianMixture& law) const;
  double entropy_on_grid(const GaussianMixture& law) const;

  Grid grid_;
  Points centres_;
  std::vector<Coefficient> diffusion_;
  double start_;
  bool has_cell_means_;
  AffineProcess process_;
  GaussianMixture initial_;
};

struct KnownLaw {
  std::optional<ExactLaw> law;
  std::string why_not;  ///< in words, where none is known
};

/// The problem's process as an affine one, unless it is none or depends on the place along a periodic axis.
std::optional<AffineProcess> affine_process(const Problem& problem);
/// Why nothing is known without one.
inline constexpr char not_affine[] =
    "no closed form is known: the drift is not affine in the axes, or the killing not quadratic, or one of "
    "them depends on the place along a periodic axis";

KnownLaw known_law(const Problem& problem, const std::optional<AffineProcess>& process,
                   const ForwardRun& forward);

}  // namespace umkehr
