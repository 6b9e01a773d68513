// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/hjb/hjb_differences.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include "grids/failure.hpp"
#include "grids/interpolation/local_interpolation.hpp"
#include "grids/machine/infinity.hpp"
#include "solver/hjb/hjb_error.hpp"
#include "solver/hjb/hjb_march.hpp"

namespace umkehr {
namespace {

constexpr std::array<double, 5> margins = {0, 0.12, 0.25, 0.5, 1};  // beyond each wall, of an axis's cells
constexpr std::size_t fewest_cells = 6;
constexpr double looser = 10;        // the tolerance in time of what only tells the error of cells
constexpr double noteworthy = 1e-3;  // an error relative to 1 + lambda
constexpr double min_order = 0.7, max_order = 5;
constexpr double doubt_of_jumps = 1.5;
constexpr double max_unseen = 0.5;    // of int exp(-lambda) at the stop, in some window of an axis
constexpr double coarse_share = 0.4;  // of the time that all takes

/// Cells beyond each wall of a grid that was widened.
using Margins = std::vector<std::size_t>;

struct WideGrid {
  Grid grid;
  Margins margin;
};

WideGrid widened(const Grid& grid, double share) {
  std::vector<Axis> axes = grid.axes();
  Margins margin;
  for (Axis& axis : axes) {
    const bool has_walls = axis.boundary != Boundary::periodic;
    margin.push_back(has_walls ? static_cast<std::size_t>(std::ceil(share * static_cast<double>(axis.points)))
                               : 0);
    const double by = static_cast<double>(margin.back()) * axis.spacing();
    axis.from -= by;
    axis.to += by;
    axis.points += 2 * margin.back();
  }
  return {Grid(std::move(axes)), std::move(margin)};
}

/// The cells of `inner` of a field on the wide grid.
void crop(const WideGrid& wide, const Grid& inner, std::span<const double> field, std::span<double> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::size_t from = 0;
    for (std::size_t k = 0; k < inner.dimension(); ++k)
      from += (i / inner.stride(k) % inner.axis(k).points + wide.margin[k]) * wide.grid.stride(k);
    out[i] = field[from];
  }
}

/// A solution on the grid, known by one on the same cells and more beyond the walls.
HjbSolution cropped(const HjbSolution& solution, const WideGrid& wide, const Grid& inner) {
  HjbSolution out = solution;
  const auto crop_all = [&](const History& from) {
    History to(from.times(), inner.size());
    for (std::size_t n = 0; n < from.times().size(); ++n) crop(wide, inner, from[n], to[n]);
    return to;
  };
  out.value = crop_all(solution.value);
  for (History& control : out.control) control = crop_all(control);
  return out;
}

Grid with_fewer_cells(const Grid& grid, std::size_t factor) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes) axis.points = std::max(fewest_cells, (axis.points + factor - 1) / factor);
  return Grid(std::move(axes));
}

/// By how much the cells of one grid are longer than another's, along the axis where it is least.
double ratio(const Grid& coarse, const Grid& fine) {
  double least = infinity;
  for (std::size_t k = 0; k < fine.dimension(); ++k)
    least = std::min(least, coarse.axis(k).spacing() / fine.axis(k).spacing());
  return least;
}

class Differences {
 public:
  explicit Differences(const HjbProblem& problem) : problem_(problem) {}

  HjbSolution solve() {
    check_features();
    const Grid half = with_fewer_cells(problem_.grid, 2), quarter = with_fewer_cells(problem_.grid, 4);
    const std::vector<double> walls = choose_margin(half);
    HjbSolution solution = on(problem_.grid, problem_.choices.tolerance, true);
    const double finer = ratio(half, problem_.grid), coarser = ratio(quarter, half);
    std::vector<double> cells = difference_on(half, solution, problem_.grid, coarse_);
    if (coarser > 1.2) {
      const std::vector<double> before =
          difference_on(quarter, coarse_, half, on(quarter, looser * problem_.choices.tolerance, false));
      for (std::size_t n = 0; n < cells.size(); ++n)
        cells[n] = has_jumps() ? doubt_of_jumps *
                                     std::max(jumps(problem_.terminal) ? before[n] / coarser : 0, cells[n])
                               : cells[n] / (std::pow(finer, order(before[n], cells[n], coarser)) - 1);
    }
    for (std::size_t n = 0; n < cells.size(); ++n) solution.error[n] = cells[n] + walls[n];
    judge(solution);
    return solution;
  }

 private:
  bool jumps(const Coefficient& f) const {
    for (std::size_t k = 0; f.formula() && k < problem_.grid.dimension(); ++k)
      if (f.formula()->may_jump_along(k)) return true;
    return false;
  }

  /// Errors then go up and down with the place of the jump in its cell; they are of order 1 where the terminal value jumps.
  bool has_jumps() const {
    return jumps(problem_.terminal) || jumps(problem_.process.killing) ||
           std::ranges::any_of(problem_.process.drift, [this](const Coefficient& f) { return jumps(f); });
  }

  static double order(double before, double after, double ratio) {
    return std::clamp(std::log(before / std::max(after, 1e-300)) / std::log(ratio), min_order, max_order);
  }

  /// On cells of the grid, and beyond its walls as far as has been chosen.
  HjbSolution on(const Grid& grid, double tolerance, bool is_shown) const {
    const WideGrid wide = widened(grid, margins[margin_]);
    HjbChoices choices = problem_.choices;
    choices.tolerance = std::min(tolerance, 0.1);
    const Progress progress = [&](double fraction) {
      if (is_shown && problem_.progress) problem_.progress(coarse_share + (1 - coarse_share) * fraction);
    };
    const HjbProblem own{problem_.process, wide.grid, problem_.terminal, problem_.stop,
                         problem_.times,   choices,   progress};
    HjbSolution solution = empty_solution(own);
    march(own, *finite_difference_scheme(own), solution);
    return cropped(solution, wide, grid);
  }

  /// Widens until it changes nothing that matters; what one more widening changes at each time is given.
  std::vector<double> choose_margin(const Grid& half) {
    const double tolerance = looser * problem_.choices.tolerance;
    coarse_ = on(half, tolerance, false);
    std::vector<double> walls(problem_.times.size());
    while (margin_ + 1 < margins.size() &&
           problem_.is_finite_on(widened(half, margins[margin_ + 1]).grid.axes())) {
      ++margin_;
      HjbSolution wider = on(half, tolerance, false);
      walls = difference(coarse_, wider);
      const double largest = *std::max_element(walls.begin(), walls.end());
      if (largest <= tolerance || largest <= 0.1 * noteworthy) {
        --margin_;
        break;
      }
      coarse_ = std::move(wider);
    }
    return walls;
  }

  /// Of a solution on finer cells from one on `grid`, at its centres.
  std::vector<double> difference_on(const Grid& grid, const HjbSolution& finer, const Grid& fine,
                                    const HjbSolution& solution) const {
    std::vector<double> all, interpolated(grid.size());
    for (std::size_t n = 0; n < problem_.times.size(); ++n) {
      interpolate_locally(fine, finer.value[n], grid.centres(), interpolated);
      all.push_back(problem_.times[n] == problem_.stop ? 0 : difference(solution.value[n], interpolated));
    }
    return all;
  }

  void judge(HjbSolution& solution) const {
    const double worst = *std::max_element(solution.error.begin(), solution.error.end());
    if (worst <= noteworthy) return;
    char text[240];
    std::snprintf(
        text, sizeof text,
        "the cells leave an error of about %.1e in lambda, relative to 1 + lambda - min lambda; more points, "
        "order = 4 or method log-transform leave less",
        worst);
    if (!(worst <= problem_.choices.max_error)) throw NumericalFailure(text);
    solution.warnings.emplace_back(text);
  }

  /// What varies between the cells is seen by no number of them.
  void check_features() const;

  const HjbProblem& problem_;
  std::size_t margin_ = 0;
  HjbSolution coarse_;
};

/// How much of int exp(-f) the values at the centres miss, in the worst of some windows of an axis.
double unseen_share(const LineFunction& f, const Axis& axis) {
  constexpr std::size_t windows = 16, looks = 250;
  const Grid line({axis});
  std::vector<double> at_centres;
  for (const double x : axis.centres()) at_centres.push_back(f(x));
  Axis close = axis;
  close.points = windows * looks;
  const Points x = Grid({close}).centres();
  std::vector<double> interpolated(x.count());
  interpolate_locally(line, at_centres, x, interpolated);
  double worst = 0;
  for (std::size_t window = 0; window < windows; ++window) {
    std::array<double, looks> right, found;
    double least = infinity;
    for (std::size_t i = 0; i < looks; ++i) {
      right[i] = f(x[0][window * looks + i]);
      found[i] = interpolated[window * looks + i];
      least = std::min({least, right[i], found[i]});
    }
    double missed = 0, all = 0;
    for (std::size_t i = 0; i < looks; ++i) {
      missed += std::abs(std::exp(least - right[i]) - std::exp(least - found[i]));
      all += std::exp(least - right[i]) + std::exp(least - found[i]);
    }
    worst = std::max(worst, missed / all);
  }
  return worst;
}

/// Mean of |f - interpolant|.
double mean_unseen(const LineFunction& f, const Axis& axis) {
  Axis close = axis;
  close.points = 4000;
  std::vector<double> at_centres;
  for (const double x : axis.centres()) at_centres.push_back(f(x));
  const Points x = Grid({close}).centres();
  std::vector<double> interpolated(x.count());
  interpolate_locally(Grid({axis}), at_centres, x, interpolated);
  double sum = 0;
  for (std::size_t i = 0; i < x.count(); ++i) sum += std::abs(f(x[0][i]) - interpolated[i]);
  return sum / static_cast<double>(x.count());
}

void Differences::check_features() const {
  const double duration = problem_.stop - problem_.times.front();
  const auto refuse = [](const std::string& what, const Axis& axis) {
    throw NumericalFailure("axis " + axis.name + ": the " + what + " varies between the centres of " +
                           std::to_string(axis.points) + " cells; more points are needed to see it");
  };
  for (std::size_t k = 0; k < problem_.grid.dimension(); ++k) {
    const Axis& axis = problem_.grid.axis(k);
    for (const LineFunction& line : problem_.lines(k, problem_.terminal_values()))
      if (!(unseen_share(line, axis) < std::max(max_unseen, problem_.choices.max_error)))
        refuse("terminal value", axis);
    const auto check = [&](const char* name, const Coefficient& f, double scale) {
      if (!f.depends_on_axis(k)) return;
      for (const double t : {problem_.times.front(), problem_.stop})
        for (const LineFunction& line :
             problem_.lines(k, [&f, t](const Points&x, std::span<double> out) { f(x, t, out); }))
          if (!(scale * mean_unseen(line, axis) < problem_.choices.max_error)) refuse(name, axis);
    };
    check("killing", problem_.process.killing, duration);
    for (const Coefficient& drift : problem_.process.drift) check("drift", drift, duration / axis.length());
  }
}

}  // namespace

void solve_by_differences(const HjbProblem& problem, HjbSolution& solution) {
  solution = Differences(problem).solve();
}

}  // namespace umkehr
