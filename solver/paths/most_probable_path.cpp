// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/paths/most_probable_path.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "grids/failure.hpp"
#include "solver/paths/path_newton.hpp"
#include "solver/paths/path_search.hpp"
#include "solver/paths/path_times.hpp"
#include "solver/paths/ways_round.hpp"
#include "solver/process/time_jumps.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {
namespace {

constexpr std::size_t coarse_points = 64;  // of the first lines
constexpr std::size_t min_graded = 160;    // pieces; fewer do not follow a crossing
constexpr std::size_t max_graded = 25600;  // unless more are asked for
constexpr double resolved = 1e-3;          // error of the action: as much of the path's weight
constexpr double well_resolved = 1e-5;     // beside the kinetic part, where that is large
constexpr double rough = 1e-2;             // beside 1 and the kinetic part; worth a warning
constexpr double unresolved = 5e-2;        // worth nothing
constexpr double astray = 0.1;             // between few pieces and many
constexpr double alike = 1e-3;             // between actions of one minimum on few pieces
constexpr double same = 1e-6;              // on all
constexpr double tied = 1e-11;             // between actions of equal minima
constexpr double jump = 5;                 // times what a drift changes by beside
constexpr double smallest_jump = 1e-3;     // of the largest drift
constexpr double beside = 3;               // an action so little above the least: e^-3 as probable
constexpr std::size_t graded_for = 3;      // paths that the times serve

void check(const Process& process, const std::vector<double>& from, const std::vector<double>& to,
           double start, double stop, const MostProbablePathChoices& choices) {
  if (from.size() != process.dimension() || to.size() != process.dimension())
    throw UnfitProblem("a path's ends need as many coordinates as the process: " +
                       std::to_string(process.dimension()));
  if (!(start < stop)) throw UnfitProblem("a path starts before it stops");
  if (choices.points < 2) throw UnfitProblem("a path takes at least 2 pieces");
  if (choices.grid) check_seams(process, *choices.grid, start, stop);
}

/// How far a path is likely to go: the ends, and what diffusion adds.
double reach(const Process& process, const PathEnds& ends) {
  double size = 0;
  for (std::size_t k = 0; k < ends.from.size(); ++k) {
    const double noise =
        std::sqrt(process.diffusion[k](0.5 * (ends.start + ends.stop)) * (ends.stop - ends.start));
    size = std::max({size, noise, std::abs(ends.from[k]), std::abs(ends.to[k])});
  }
  return size;
}

/// int |x - to| dt
double way_left(const Path& path) {
  double sum = 0;
  for (const std::vector<double>& x : path.x)
    for (std::size_t j = 0; j < path.intervals(); ++j)
      sum += std::abs(0.5 * (x[j] + x[j + 1]) - x.back()) * (path.times[j + 1] - path.times[j]);
  return sum;
}

double size_of(const Action& action) {
  return std::max(1.0, action.kinetic);
}

/// Of those that rounding alone tells from the best, as mirrored in time, the one that crosses first.
void earliest_first(std::vector<Minimum>& minima) {
  const auto tie = std::find_if(minima.begin(), minima.end(), [&](const Minimum& other) {
    return other.action.total() > minima[0].action.total() + tied * size_of(minima[0].action);
  });
  std::stable_sort(minima.begin(), tie,
                   [](const Minimum& a, const Minimum& b) { return way_left(a.path) < way_left(b.path); });
}

/// Minima on the same times, and the error of the best.
struct Solved {
  std::vector<Minimum> minima;
  double error = std::numeric_limits<double>::infinity();

  bool is_resolved() const {
    return !minima.empty() && error <= std::max(resolved, well_resolved * minima[0].action.kinetic);
  }

  bool is_below(double tolerance) const {
    return !minima.empty() && error <= tolerance * size_of(minima[0].action);
  }
};

class Search {
 public:
  Search(const Process& process, const PathEnds& ends, const MostProbablePathChoices& choices)
      : choices_(choices),
        lagrangian_(process, choices.with_divergence, choices.grid),
        action_(lagrangian_),
        scale_(reach(process, ends)),
        diffusion_(lagrangian_.diffusion(0.5 * (ends.start + ends.stop))),
        ends_(ends),
        ways_(process, ends, choices.search ? choices.grid : std::nullopt) {
    for (const TimeJump& jump : time_jumps(process, ends.start, ends.stop)) jumps_.push_back(jump.after);
  }

  MostProbablePath best() {
    const std::vector<Minimum> valleys = all_valleys();
    if (valleys.empty())
      throw NumericalFailure(
          "no path converges within " + std::to_string(choices_.iterations) +
          " iterations; take ends closer in time, or smoother coefficients; where div F / 2 + V falls "
          "faster than the noise costs, the action has no minimum");
    const Solved solved = resolve(valleys);
    check_walls(solved.minima[0].path);
    check_jumps(solved.minima[0].path);
    check_missed(solved.minima[0].action);
    return result(solved);
  }

 private:
  PathValleys valleys(const PathEnds& ends) const {
    PathSearch search{lagrangian_,
                      ends.from,
                      ends.from,
                      scale_,
                      choices_.tolerance,
                      choices_.iterations,
                      std::min(choices_.points, coarse_points),
                      choices_.search};
    for (std::size_t k = 0; k < ends.from.size(); ++k) {
      const bool has_walls = choices_.grid && choices_.grid->axis(k).boundary != Boundary::periodic;
      const double margin = choices_.grid ? 0.5 * choices_.grid->axis(k).length() : scale_;
      search.lower[k] = has_walls ? choices_.grid->axis(k).from : std::min(ends.from[k], ends.to[k]) - margin;
      search.upper[k] = has_walls ? choices_.grid->axis(k).to : std::max(ends.from[k], ends.to[k]) + margin;
    }
    return path_valleys(search, ends);
  }

  /// By every way round that may be the best.
  std::vector<Minimum> all_valleys() {
    std::vector<Minimum> found;
    while (const std::optional<PathEnds> way = ways_.next()) {
      PathValleys these = valleys(*way);
      min_seen_ = std::min(min_seen_, these.min_seen);
      ways_.tell(these.minima.empty() ? std::numeric_limits<double>::infinity()
                                      : these.minima[0].action.total());
      for (Minimum& minimum : these.minima) add_minimum(found, std::move(minimum), scale_, alike);
    }
    return found;
  }

  std::optional<Minimum> minimise(Path path) const {
    return PathNewton(action_, scale_, choices_.tolerance, choices_.iterations).minimise(std::move(path));
  }

  /// A(h) = A + c h^2, the order measured rather than believed where it can be.
  double error_of(const Minimum& minimum) const {
    const double failed = std::numeric_limits<double>::infinity();
    const std::optional<Minimum> finer = minimise(halved_pieces(minimum.path));
    if (!finer) return failed;
    const std::optional<Minimum> finest = minimise(halved_pieces(finer->path));
    if (!finest) return failed;
    const double now = minimum.action.total(), half = finer->action.total(), quarter = finest->action.total();
    const double ratio = (now - half) / (half - quarter);
    const double rest = ratio > 1.5 ? (half - quarter) / (std::min(ratio, 16.0) - 1) : 0;
    const double unsettled = ratio > 1.5 ? 0 : std::abs(half - quarter);
    const double rounding = 1e-15 * (std::abs(minimum.action.kinetic) + std::abs(minimum.action.divergence) +
                                     std::abs(minimum.action.killing));
    return std::max(std::abs(now - quarter + rest) + unsettled, rounding);
  }

  Solved solve_on(const std::vector<double>& times, const std::vector<Minimum>& guesses) const {
    Solved solved;
    const std::vector<double> nodes = with_nodes_at(times, jumps_);
    for (const Minimum& guess : guesses)
      if (std::optional<Minimum> minimum = minimise(sampled(guess.path, nodes))) {
        minimum->iterations += guess.iterations;
        add_minimum(solved.minima, std::move(*minimum), scale_, same);
      }
    earliest_first(solved.minima);
    if (!solved.minima.empty()) solved.error = error_of(solved.minima[0]);
    return solved;
  }

  Solved resolve(const std::vector<Minimum>& valleys) const {
    const double least = valleys[0].action.total() + astray * size_of(valleys[0].action);
    Solved even = solve_on(even_times(ends_.start, ends_.stop, choices_.points), valleys);
    if (even.is_resolved() && even.minima[0].action.total() < least) return even;
    std::vector<Minimum> guesses = valleys;
    Solved graded;
    for (std::size_t pieces = choices_.points;; pieces *= 2) {
      const bool is_last = 2 * pieces > std::max(max_graded, choices_.points);
      if (pieces < min_graded && !is_last) continue;
      Solved finer = solve_on(graded_times(first_paths(guesses), diffusion_, pieces), guesses);
      if (!finer.minima.empty()) {
        guesses = finer.minima;
        graded = std::move(finer);
      }
      if (graded.is_resolved() || is_last) break;
    }
    if (graded.is_below(unresolved)) return graded;
    std::ostringstream text;
    text.precision(3);
    text << "the path is not resolved: its action ";
    if (!graded.minima.empty() && std::isfinite(graded.error))
      text << graded.minima[0].action.total() << " may be wrong by " << graded.error << " with "
           << graded.minima[0].path.intervals() << " pieces";
    else if (!graded.minima.empty())
      text << graded.minima[0].action.total() << " on " << graded.minima[0].path.intervals()
           << " pieces is held by none on fewer";
    else
      text << "has no minimum near that on fewer pieces";
    text << "; take points = " << 4 * std::max(max_graded, choices_.points)
         << " or more, ends closer in time, or smoother coefficients";
    throw NumericalFailure(text.str());
  }

  static std::vector<Path> first_paths(const std::vector<Minimum>& minima) {
    std::vector<Path> paths;
    for (std::size_t n = 0; n < std::min(graded_for, minima.size()); ++n) paths.push_back(minima[n].path);
    return paths;
  }

  void check_walls(const Path& path) const {
    if (!choices_.grid) return;
    for (std::size_t k = 0; k < path.dimension(); ++k) {
      const Axis& axis = choices_.grid->axis(k);
      if (axis.boundary == Boundary::periodic) continue;
      for (std::size_t j = 0; j < path.times.size(); ++j) {
        if (path.x[k][j] >= axis.from && path.x[k][j] <= axis.to) continue;
        std::ostringstream text;
        text << "the most probable path leaves the axis " << axis.name << " at t = " << path.times[j]
             << ", where it is at " << path.x[k][j] << ", and walls are not known to it; widen the axis";
        throw NumericalFailure(text.str());
      }
    }
  }

  /// A drift that jumps has an infinite divergence where it does, of which no formula knows: across one piece it differs
  /// by far more than its slope there, and than across the pieces beside.
  void check_jumps(const Path& path) const {
    const std::size_t n = path.intervals(), d = path.dimension();
    Points left(d, n), right(d, n), middle(d, n), rest(d, n);
    std::vector<double> times(n);
    for (std::size_t j = 0; j < n; ++j) {
      times[j] = 0.5 * (path.times[j] + path.times[j + 1]);
      for (std::size_t k = 0; k < d; ++k) {
        left[k][j] = path.x[k][j];
        right[k][j] = path.x[k][j + 1];
        middle[k][j] = 0.5 * (left[k][j] + right[k][j]);
      }
    }
    const auto before = lagrangian_.values(left, rest, times), after = lagrangian_.values(right, rest, times),
               at = lagrangian_.with_derivatives(middle, rest, times);
    for (std::size_t k = 0; k < d; ++k) {
      std::vector<double> change(n), defect(n);
      double largest = 0;
      for (std::size_t j = 0; j < n; ++j) {
        change[j] = after[j].momentum[k] - before[j].momentum[k];
        defect[j] = change[j];
        for (std::size_t l = 0; l < d; ++l) defect[j] -= at[j].vx[k][l] * (right[l][j] - left[l][j]);
        largest = std::max(largest, std::abs(at[j].momentum[k]));
      }
      for (std::size_t j = 1; j + 1 < n; ++j) {
        const double beside_it = std::max(std::abs(change[j - 1]), std::abs(change[j + 1]));
        if (std::abs(defect[j]) <= jump * std::max(beside_it, smallest_jump * largest)) continue;
        std::ostringstream text;
        text << "the drift jumps on the most probable path at t = " << times[j] << ", where "
             << (choices_.grid ? choices_.grid->axis(0).name : "x") << " = " << middle[0][j]
             << "; its divergence, which the action holds, is infinite there: smooth the jump";
        throw NumericalFailure(text.str());
      }
    }
  }

  void check_missed(const Action& least) const {
    if (!has_missed(min_seen_, least)) return;
    std::ostringstream text;
    text << "a path of action " << min_seen_ << " was seen, but the least minimum that was found has "
         << least.total() << "; where coefficients jump or are kinked there may be none: smooth them";
    throw NumericalFailure(text.str());
  }

  MostProbablePath result(const Solved& solved) const {
    const Minimum& best = solved.minima[0];
    MostProbablePath result;
    result.pieces = best.path.intervals();
    result.path = thinned(best.path, result.pieces / choices_.points);
    result.action = best.action;
    result.action_error = solved.error;
    result.iterations = best.iterations;
    for (const Minimum& minimum : solved.minima) {
      result.minima.push_back(minimum.action.total());
      result.minimum_paths.push_back(thinned(minimum.path, result.pieces / choices_.points));
    }
    action_.along(best.path, result.lagrangian, result.energy);
    warn(result);
    return result;
  }

  static void warn(MostProbablePath& result) {
    std::ostringstream text;
    if (result.minima.size() > 1 && result.minima[1] < result.minima[0] + beside) {
      text.precision(6);
      text << result.minima.size() << " paths are locally most probable, with actions " << result.minima[0]
           << " and " << result.minima[1] << (result.minima.size() > 2 ? ", .." : "")
           << "; the first is `path`, and minima hold them all";
      result.warnings.push_back(text.str());
    }
    if (result.action_error > rough * size_of(result.action)) {
      text.str("");
      text.precision(2);
      text << "the action is known to " << result.action_error << " only; take points = " << 4 * result.pieces
           << " or more";
      result.warnings.push_back(text.str());
    }
  }

  const MostProbablePathChoices& choices_;
  Lagrangian lagrangian_;
  DiscreteAction action_;
  double scale_;
  LagrangianValue::Vector diffusion_;
  PathEnds ends_;
  std::vector<double> jumps_;  // of coefficients in time
  WaysRound ways_;
  double min_seen_ = std::numeric_limits<double>::infinity();
};

}  // namespace

void check_most_probable_path(const Process& process, const std::vector<double>& from,
                              const std::vector<double>& to, double start, double stop,
                              const MostProbablePathChoices& choices) {
  check(process, from, to, start, stop, choices);
  onsager_machlup_action(process, straight_path({from, to, start, stop}, choices.points));
}

MostProbablePath most_probable_path(const Process& process, const std::vector<double>& from,
                                    const std::vector<double>& to, double start, double stop,
                                    const MostProbablePathChoices& choices) {
  check(process, from, to, start, stop, choices);
  return Search(process, {from, to, start, stop}, choices).best();
}

}  // namespace umkehr
