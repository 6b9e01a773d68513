// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/hjb_nodes.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "grids/failure.hpp"
#include "solver/hjb/hjb_error.hpp"
#include "solver/hjb/hjb_march.hpp"
#include "solver/hjb/hjb_spectral.hpp"
#include "solver/hjb/spectral_ladder.hpp"

namespace umkehr {
namespace {

constexpr double tighter = 4;          // the tolerance in time of what a solution is held against
constexpr double smooth = 0.3;         // of the tolerance: what the roughest polynomials may hold
constexpr double max_work = 3e11;      // operations of one more solution
constexpr double max_at_walls = 1e-4;  // relative to 1 + lambda: of the difference that a wider box makes
constexpr int max_tighter = 3, max_failures = 2;

std::string text_of(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1g", value);
  return text;
}

class Levels {
 public:
  Levels(const HjbProblem& problem, bool logarithmic)
      : problem_(problem), logarithmic_(logarithmic), ladder_(problem) {}

  HjbSolution solve() {
    std::optional<HjbSolution> before;
    for (;;) {
      std::optional<HjbSolution> now = attempt();
      if (now && before) {
        before->error = difference(*before, *now);
        worst_ = *std::max_element(before->error.begin(), before->error.end());
        if (worst_ <= allowed()) return std::move(*before);
        if (problem_.choices.step) refuse("steps of this length leave an error of " + text_of(worst_));
      }
      if (!move_on(now.has_value())) {
        if (now && before && is_known_well_enough()) return warned(std::move(*before));
        refuse(now && before ? disagreement() : failure_);
      }
      if (!now) continue;
      before = std::move(now);
      ++level_;
    }
  }

 private:
  /// What differs on other nodes; with equal steps it holds their error too, which no tolerance bounds.
  double allowed() const {
    return problem_.choices.step ? problem_.choices.max_error : problem_.choices.tolerance;
  }

  /// To more nodes where they are felt to be few, and further beyond the walls once they are not.
  bool move_on(bool is_resolved) {
    const double before = work();
    bool has_moved = is_resolved && ladder_.widen();
    if (!is_resolved || !has_moved || roughness_ > smooth * problem_.choices.tolerance)
      has_moved = ladder_.climb() || has_moved;
    // In the plane and in space steps are explicit and shorten as nodes draw near each other.
    const double again = std::pow(work() / before, is_plane_or_space() ? 1.7 : 1.0);
    return has_moved && (!is_resolved || spent_ * again < max_work);
  }

  bool is_plane_or_space() const { return problem_.grid.dimension() > 1; }

  /// Operations a step.
  double work() const { return work_of_step(ladder_.nodes()); }

  /// Wider boxes soon cost too much in the plane and in space; what walls do there is said.
  bool is_known_well_enough() const { return is_plane_or_space() && worst_ < max_at_walls; }

  HjbSolution warned(HjbSolution solution) const {
    solution.warnings.push_back(
        "lambda is known to " + text_of(worst_) +
        " only, relative to 1 + lambda, most likely near the walls; take them further out "
        "or a larger tolerance than " +
        text_of(problem_.choices.tolerance));
    return solution;
  }

  std::optional<HjbSolution> attempt() {
    HjbChoices choices = problem_.choices;
    const double factor = std::pow(tighter, std::min(level_, max_tighter));
    choices.tolerance /= factor;
    if (choices.step) *choices.step /= factor;
    const Progress progress = [this](double fraction) {
      // Every level takes longer than all before it.
      if (problem_.progress) problem_.progress(1 - std::exp2(-level_) * (1 - fraction / 2));
    };
    const HjbProblem level{problem_.process, problem_.grid, problem_.terminal, problem_.stop,
                           problem_.times,   choices,       progress};
    HjbSolution solution = empty_solution(problem_);
    try {
      const std::unique_ptr<SpectralScheme> scheme = spectral_scheme(level, ladder_.nodes(), logarithmic_);
      march(level, *scheme, solution);
      roughness_ = scheme->roughness();
      spent_ = work() * static_cast<double>(solution.steps + solution.refused);
      return solution;
    } catch (const Unresolved& failure) {
      failure_ = failure.what();
    } catch (const NumericalFailure& failure) {
      failure_ = failure.what();
      // Where lambda falls steeply chi forces short steps that lambda itself does not.
      if (std::exchange(logarithmic_, false)) return attempt();
      // Where nodes are too few a step may fail that more allow.
      if (++failures_ > max_failures) refuse(failure_);
    }
    return {};
  }

  std::string disagreement() const {
    char text[160];
    std::snprintf(
        text, sizeof text,
        "solutions on %zu spectral nodes an axis and on fewer differ by %.1e, relative to 1 + lambda",
        ladder_.nodes().counts[0], worst_);
    return text;
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw NumericalFailure(
        what + "; tolerance = " + text_of(problem_.choices.tolerance) + " is asked for. " +
        "Take method finite-difference" +
        (worst_ < 0.1 && worst_ > 0 ? ", tolerance = " + text_of(1.5 * worst_) : "") +
        (ladder_.is_bound_by_points() ? ", more points, which let more nodes be taken" : "") +
        ", or a smoother problem; where lambda becomes infinite nothing helps");
  }

  const HjbProblem& problem_;
  bool logarithmic_;
  SpectralLadder ladder_;
  int level_ = 0, failures_ = 0;
  double worst_ = 0, roughness_ = 0, spent_ = 0;
  std::string failure_;
};

}  // namespace

void solve_on_nodes(const HjbProblem& problem, HjbSolution& solution, bool logarithmic) {
  solution = Levels(problem, logarithmic).solve();
}

}  // namespace umkehr
