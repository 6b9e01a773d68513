// SPDX-License-Identifier: GPL-3.0-or-later
// A model S(x, t) of the score grad ln P, to be judged: formulas or functions of x and t, which may hold the
// exact score too, or fields on a grid of their own (time_slices.hpp and then local_interpolation.hpp), such as a network's values.
#pragma once

#include <memory>
#include <vector>

#include "grids/grid.hpp"
#include "grids/history.hpp"
#include "grids/interpolation/time_slices.hpp"
#include "solver/process/coefficient.hpp"
#include "solver/score/score.hpp"

namespace umkehr {

class TrialScore : public Score {
 public:
  /// S_k(x, t), one an axis.
  static TrialScore of(std::vector<Coefficient> components);
  /// S_k(x, s, t): coordinates d .. 2 d - 1 are the exact score at x.
  static TrialScore of_exact_score(std::vector<Coefficient> components);
  /// Throws UnfitProblem unless there is one history an axis, of the grid's size and at two times or
  /// more.
  static TrialScore of_field(Grid grid, std::vector<History> components);

  std::size_t dimension() const { return field_ ? grid_.front().dimension() : component_.size(); }
  /// Known at points and times alone: polynomials between them do not join smoothly.
  bool is_field() const { return field_ != nullptr; }
  bool needs_exact_score() const { return needs_exact_score_; }
  /// The components where they are functions of x and t alone; else nothing.
  const std::vector<Coefficient>* functions() const {
    return !field_ && !needs_exact_score_ ? &component_ : nullptr;
  }
  /// Every condition on t alone in formulas of the components.
  std::vector<Formula> conditions_in_time() const;
  /// Throws UnfitProblem where a field is not known over all of [start, stop].
  void check_times(double start, double stop) const;

  /// The same model, the exact score that it may need being that one.
  TrialScore beside(std::shared_ptr<const Score> exact) const;

  /// Throws UnfitProblem where the exact score is needed, but not known.
  void operator()(const Points& x, double t, Components& out) const override;
  /// Of smooth formulas of x and t alone.
  bool has_divergence() const override;
  void with_divergence(const Points& x, double t, std::span<const double> factor, Components& out,
                       std::span<double> divergence) const override;
  /// Where the exact score at the points is at hand.
  void operator()(const Points& x, const Components& exact_score, double t, Components& out) const;

 private:
  std::vector<Coefficient> component_;
  bool needs_exact_score_ = false;
  std::shared_ptr<const Score> exact_;
  std::vector<Grid> grid_;                   // none or one
  std::shared_ptr<const TimeSlices> field_;  // on it
};

}  // namespace umkehr
