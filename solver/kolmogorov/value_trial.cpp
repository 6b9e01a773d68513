// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/kolmogorov/value_trial.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <sstream>
#include <vector>

#include "grids/failure.hpp"
#include "grids/interpolation/local_interpolation.hpp"
#include "grids/middle_half.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/kolmogorov/wall_reach.hpp"
#include "solver/law/affine.hpp"

namespace umkehr {
namespace {

/// What a value may be off by: so often what the trial differs by from one on half its points, and a share of the largest.
struct Allowance {
  double times_their_difference, share_of_largest;
};
constexpr Allowance on_long_axes = {10, 0.02}, between_walls = {1, 1e-3}, refused_between_walls = {3, 0.02};
constexpr double tolerance = 1e-4, tolerance_on_a_line = 1e-5;
constexpr std::size_t max_cells = 1 << 20;
constexpr std::size_t fewest_of_trial = 16;  // points along an axis

double tolerance_on(const Grid& grid) {
  return grid.dimension() == 1 ? tolerance_on_a_line : tolerance;
}

Grid with_points(const Grid& grid, double cells) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes)
    axis.points = std::max(fewest_of_trial,
                           static_cast<std::size_t>(std::lround(static_cast<double>(axis.points) * cells)));
  return Grid(axes);
}

/// `longer` times as long about the same middle, in `cells` cells for each of its own.
Grid trial_grid(const Grid& grid, double longer, double cells) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes) {
    const double middle = 0.5 * (axis.from + axis.to), half = 0.5 * longer * axis.length();
    axis.from = middle - half;
    axis.to = middle + half;
    axis.boundary = Boundary::reflecting;
  }
  return with_points(Grid(axes), longer * cells);
}

std::vector<std::size_t> all_cells(const Grid& grid) {
  std::vector<std::size_t> cells(grid.size());
  std::iota(cells.begin(), cells.end(), std::size_t{0});
  return cells;
}

/// Those in the middle half of each axis.
std::vector<std::size_t> middle_cells(const Grid& grid) {
  std::vector<std::size_t> cells = all_cells(grid);
  std::erase_if(cells, [&](std::size_t cell) { return !in_middle_half(grid, cell); });
  return cells;
}

bool walls_are_far(const Process& process, const Grid& trial, const Grid& grid, double start, double stop) {
  for (std::size_t k = 0; k < grid.dimension(); ++k) {
    const WallReach reach = wall_reach(process, trial, k, start, stop);
    const double away = 0.5 * (trial.axis(k).length() - grid.axis(k).length());
    if (std::max(reach.lower, reach.upper) > away) return false;
  }
  return true;
}

/// Values at the centres of the grid.
struct Trial {
  std::vector<double> value, on_fewer_cells;
};

/// Nothing where the formulas do not bear it.
std::optional<Trial> trial_on(const Process& process, const Grid& grid, const Grid& fine, const Grid& coarse,
                              const Coefficient& terminal, double start, double stop,
                              const Progress& progress) try {
  if (fine.size() > max_cells) return {};
  KolmogorovChoices choices;
  choices.tolerance = tolerance_on(grid);
  const auto run = [&](const Grid& on) {
    const BackwardKolmogorovSolution solution =
        solve_backward_kolmogorov(process, on, terminal, stop, {start}, choices, [&](double) {
          if (progress) progress(1);
        });
    std::vector<double> out(grid.size());
    interpolate_locally(on, solution.value[0], grid.centres(), out);
    return out;
  };
  return Trial{run(fine), run(coarse)};
} catch (const NumericalFailure&) {
  return {};
} catch (const UnfitProblem&) {
  return {};
}

/// On axes so much longer, unless walls are felt there too.
std::optional<Trial> trial_on_the_line(const Process& process, const Grid& grid, double longer,
                                       const Coefficient& terminal, double start, double stop,
                                       const Progress& progress) {
  const double cells = grid.dimension() == 1 ? 2 : 0.5;  // for each of the grid's
  const Grid fine = trial_grid(grid, longer, cells), coarse = trial_grid(grid, longer, 0.5 * cells);
  if (!walls_are_far(process, coarse, grid, start, stop)) return {};
  return trial_on(process, grid, fine, coarse, terminal, start, stop, progress);
}

/// Where the value is another one; empty if it is nowhere.
std::string difference(std::span<const double> value, const Trial& trial, const Allowance& allowance,
                       const std::vector<std::size_t>& cells) {
  double error = 0, largest = 0, worst = 0;
  std::size_t there = 0;
  for (const std::size_t i : cells) {
    error = std::max(error, std::abs(trial.value[i] - trial.on_fewer_cells[i]));
    largest = std::max(largest, std::abs(trial.value[i]));
    if (const double off = std::abs(value[i] - trial.value[i]); !(off <= worst)) {
      worst = off;
      there = i;
    }
  }
  const double allowed = allowance.times_their_difference * error + allowance.share_of_largest * largest;
  if (worst <= allowed || !std::isfinite(allowed)) return "";
  std::ostringstream text;
  text.precision(3);
  text << " its value comes to " << value[there] << " where finite volumes have " << trial.value[there]
       << " (" << allowed << " of difference is allowed); ";
  return text.str();
}

std::string at(double t) {
  std::ostringstream text;
  text.precision(6);
  text << "at t = " << t;
  return text.str();
}

/// Of values beside the trial, if from it and its coarser run extrapolated they differ by more than these are in doubt; at
/// absorbing walls, where drift leaves slices of order 1, in any case.
std::optional<double> error_of(const Grid& grid, std::span<const double> value, const Trial& trial) {
  constexpr double extrapolated = 1.0 / 3, doubted = 0.25;  // of order 2; of what that adds
  double off = 0, off_extrapolated = 0, doubt = tolerance_on(grid), largest = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const double change = (trial.value[i] - trial.on_fewer_cells[i]) * extrapolated;
    off = std::max(off, std::abs(trial.value[i] - value[i]));
    off_extrapolated = std::max(off_extrapolated, std::abs(trial.value[i] + change - value[i]));
    doubt = std::max(doubt, doubted * std::abs(change));
    largest = std::max(largest, std::abs(trial.value[i]));
  }
  const bool absorbs =
      std::ranges::any_of(grid.axes(), [](const Axis& axis) { return axis.boundary == Boundary::absorbing; });
  if (largest == 0 || !(absorbs || off_extrapolated > doubt)) return {};
  return std::max(off, off_extrapolated) / largest;
}

/// By Hermite's series.
Held hold_on_the_line(const Process& process, const Grid& grid, const Coefficient& terminal, double start,
                      double stop, std::span<const double> value, const Progress& progress) {
  std::optional<Trial> trial;
  for (const double longer : {2.0, 4.0, 8.0})
    if (!trial) trial = trial_on_the_line(process, grid, longer, terminal, start, stop, progress);
  if (!trial) return {};
  const std::string in_middle = difference(value, *trial, on_long_axes, middle_cells(grid));
  if (!in_middle.empty())
    throw NumericalFailure("the Hermite method does not reach this problem: " + at(start) +
                           " in the middle of the axes" + in_middle +
                           "take other points, `centre` or `scale`, or method finite-volume");
  const std::string elsewhere = difference(value, *trial, on_long_axes, all_cells(grid));
  if (elsewhere.empty()) return {};
  return {{at(start) + " far from the middle of the axes" + elsewhere +
           "trust only the middle, or take method finite-volume"},
          {}};
}

/// By path integrals.
Held hold_between_walls(const Process& process, const Grid& grid, const Coefficient& terminal, double start,
                        double stop, std::span<const double> value, const Progress& progress) {
  const double cells = grid.dimension() == 1 ? 2 : 1;  // of the trial, for each of the grid's
  const std::optional<Trial> trial =
      trial_on(process, grid, with_points(grid, cells), with_points(grid, 0.5 * cells), terminal, start, stop,
               progress);
  if (!trial) return {};
  const std::string in_middle = difference(value, *trial, refused_between_walls, middle_cells(grid));
  if (!in_middle.empty())
    throw NumericalFailure(
        "sliced kernels, of order 1 at walls that drift crosses or where killing changes, do not reach this "
        "problem: " +
        at(start) + " in the middle of the axes" + in_middle +
        "widen the axes, or take method finite-volume");
  Held held{{}, error_of(grid, value, *trial)};
  const std::string elsewhere = difference(value, *trial, between_walls, all_cells(grid));
  if (!elsewhere.empty())
    held.warnings.push_back(
        at(start) +
        " nearer to walls that drift crosses or where killing changes, at which sliced kernels are of "
        "order 1," +
        elsewhere + "trust only the middle of the axes, or take method finite-volume");
  return held;
}

}  // namespace

bool needs_trial(Method method, const Process& process, const Grid& grid, double start, double stop) {
  if (!(start < stop)) return false;
  if (method == Method::hermite) return !AffineProcess::of(process);
  const auto has_walls = [](const Axis& axis) { return axis.boundary != Boundary::periodic; };
  const auto absorbs = [](const Axis& axis) { return axis.boundary == Boundary::absorbing; };
  const auto pushes = [](const Coefficient& f) { return f.constant_value() != 0.0; };
  return method == Method::path_integral && std::ranges::any_of(grid.axes(), has_walls) &&
         (std::ranges::any_of(process.drift, pushes) || !process.killing.constant_value() ||
          std::ranges::any_of(grid.axes(), absorbs));
}

Held hold_against_finite_volumes(Method method, const Process& process, const Grid& grid,
                                 const Coefficient& terminal, double start, double stop,
                                 std::span<const double> value, const Progress& progress) {
  const auto hold = method == Method::hermite ? hold_on_the_line : hold_between_walls;
  return hold(process, grid, terminal, start, stop, value, progress);
}

}  // namespace umkehr
