// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/kolmogorov/value_trial.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "grids/local_interpolation.hpp"
#include "grids/middle_half.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/kolmogorov/wall_reach.hpp"

namespace umkehr {
namespace {

constexpr double times_their_difference = 10, share_of_value = 0.02;
constexpr double tolerance = 1e-4;
constexpr std::size_t most_cells = 1 << 20;
constexpr std::size_t fewest_of_trial = 16;  // points along an axis

/// `longer` times as long about the same middle, in `cells` cells for each of its own.
Grid trial_grid(const Grid& grid, double longer, double cells) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes) {
    const double middle = 0.5 * (axis.from + axis.to), half = 0.5 * longer * axis.length();
    axis.from = middle - half;
    axis.to = middle + half;
    axis.boundary = Boundary::reflecting;
    axis.points =
        std::max(fewest_of_trial,
                 static_cast<std::size_t>(std::lround(static_cast<double>(axis.points) * longer * cells)));
  }
  return Grid(axes);
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

/// Nothing where the formulas do not bear it, or where walls are felt.
std::optional<Trial> trial_of(const Process& process, const Grid& grid, double longer,
                              const Coefficient& terminal, double start, double stop,
                              const Progress& progress) try {
  const Grid fine = trial_grid(grid, longer, 0.5), coarse = trial_grid(grid, longer, 0.25);
  if (fine.size() > most_cells) return {};
  if (!walls_are_far(process, coarse, grid, start, stop)) return {};
  KolmogorovChoices choices;
  choices.tolerance = tolerance;
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
} catch (const StepFailure&) {
  return {};
} catch (const std::logic_error&) {
  return {};
}

/// Where the value is another one; empty if it is nowhere.
std::string difference(std::span<const double> value, const Trial& trial,
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
  const double allowed = times_their_difference * error + share_of_value * largest;
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

}  // namespace

std::vector<std::string> hold_against_finite_volumes(const Process& process, const Grid& grid,
                                                     const Coefficient& terminal, double start, double stop,
                                                     std::span<const double> value,
                                                     const Progress& progress) {
  std::optional<Trial> trial;
  for (const double longer : {2.0, 4.0, 8.0})
    if (!trial) trial = trial_of(process, grid, longer, terminal, start, stop, progress);
  if (!trial) return {};
  if (const std::string wrong = difference(value, *trial, middle_cells(grid)); !wrong.empty())
    throw StepFailure("the Hermite method does not reach this problem: " + at(start) +
                      " in the middle of the axes" + wrong +
                      "take other points, `centre` or `scale`, or method finite-volume");
  if (const std::string wrong = difference(value, *trial, all_cells(grid)); !wrong.empty())
    return {at(start) + " far from the middle of the axes" + wrong +
            "trust only the middle, or take method finite-volume"};
  return {};
}

}  // namespace umkehr
