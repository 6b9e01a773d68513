// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/kolmogorov/grid_errors.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "grids/failure.hpp"
#include "grids/middle_half.hpp"
#include "grids/quadrature.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"

namespace umkehr {
namespace {

constexpr std::size_t fewest_points = 6;  // of the coarser grid
constexpr double loose_tolerance = 1e-5, loosest_tolerance = 1e-3, fine_tolerance = 1e-6;
constexpr double of_order_1 = 2, of_order_2 = 4;  // the fall of errors with twice as many points
constexpr double share_of_cells = 0.02, finest = 1e-8, coarsest = 1e-4;

using Values = std::vector<double>;

struct CoarseGrids {
  Grid half, quarter;
  double ratio;  ///< of the errors of the half and the whole, the least of all axes
};

std::optional<CoarseGrids> coarse_grids(const Grid& grid) {
  std::vector<Axis> half = grid.axes(), quarter = half;
  double ratio = 4;
  for (std::size_t k = 0; k < half.size(); ++k) {
    const std::size_t points = grid.axis(k).points / 4;
    if (points < fewest_points) return {};
    quarter[k].points = points;
    half[k].points = 2 * points;
    ratio = std::min(ratio, std::pow(half[k].spacing() / grid.axis(k).spacing(), 2));
  }
  return CoarseGrids{Grid(half), Grid(quarter), ratio};
}

/// Of pairs along the last axis, which then goes first: once an axis, and all are as they were.
Values mean_of_pairs(Values values, const Grid& grid) {
  for (std::size_t k = grid.dimension(); k-- > 0;) {
    const std::size_t pairs = grid.axis(k).points / 2, lines = values.size() / (2 * pairs);
    Values means(lines * pairs);
    for (std::size_t line = 0; line < lines; ++line)
      for (std::size_t i = 0; i < pairs; ++i) {
        const double* pair = &values[2 * (line * pairs + i)];
        means[i * lines + line] = 0.5 * (pair[0] + pair[1]);
      }
    values = std::move(means);
  }
  return values;
}

/// Along the last axis, which then goes first, by the cubic through the nearest four.
Values along_last(const Values& values, const Axis& from, const Axis& to) {
  const std::size_t lines = values.size() / from.points;
  Values out(lines * to.points);
  for (std::size_t i = 0; i < to.points; ++i) {
    const double place = (to.centre(i) - from.centre(0)) / from.spacing();
    const double last = static_cast<double>(from.points) - 4;
    const auto first = static_cast<std::size_t>(std::clamp(std::floor(place) - 1, 0.0, last));
    const double z = place - static_cast<double>(first);
    const double weight[] = {(z - 1) * (z - 2) * (z - 3) / -6, z * (z - 2) * (z - 3) / 2,
                             z * (z - 1) * (z - 3) / -2, z * (z - 1) * (z - 2) / 6};
    for (std::size_t line = 0; line < lines; ++line) {
      const double* at = &values[line * from.points + first];
      out[i * lines + line] = weight[0] * at[0] + weight[1] * at[1] + weight[2] * at[2] + weight[3] * at[3];
    }
  }
  return out;
}

/// At the centres of another grid of the same box.
Values at_centres(Values values, const Grid& from, const Grid& to) {
  for (std::size_t k = from.dimension(); k-- > 0;) values = along_last(values, from.axis(k), to.axis(k));
  return values;
}

/// Relative to the largest value.
double largest_difference(const Values& a, const Values& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  const double most = norm_max(b);
  return most > 0 ? largest / most : largest;
}

/// Only to be stopped: how far it has come says nothing of the run to come.
Progress without_fraction(const Progress& progress) {
  return [&progress](double) {
    if (progress) progress(0);
  };
}

/// Nothing where `compare` fails as a run may.
template <class Compare>
std::optional<double> if_borne(const Compare& compare) {
  try {
    const double error = compare();
    return std::isfinite(error) ? std::optional(error) : std::nullopt;
  } catch (const NumericalFailure&) {
    return {};
  } catch (const UnfitProblem&) {
    return {};
  }
}

KolmogorovChoices with_tolerance(KolmogorovChoices choices, double tolerance) {
  choices.estimates_errors = choices.follows_grid = false;
  choices.tolerance = tolerance;
  choices.step.reset();
  choices.scheme.clear();
  return choices;
}

/// `run` gives the values on a grid by choices, `coarser` those of the half on the quarter.
template <class Run, class Coarser, class Difference>
GridErrors errors_of(const Grid& grid, const KolmogorovChoices& choices, const Run& run,
                     const Coarser& coarser, const Difference& difference) {
  if (choices.method != Method::finite_volume || !choices.estimates_errors) return {};
  const std::optional<CoarseGrids> grids = coarse_grids(grid);
  if (!grids) return {};
  GridErrors errors;
  KolmogorovChoices coarse = choices;
  coarse.estimates_errors = coarse.follows_grid = false;
  if (!choices.step)
    coarse = with_tolerance(choices, choices.follows_grid
                                         ? loose_tolerance
                                         : std::clamp(choices.tolerance, loose_tolerance, loosest_tolerance));
  if (choices.step)
    errors.steps = if_borne([&] {
      return difference(run(grids->quarter, coarse),
                        run(grids->quarter, with_tolerance(choices, fine_tolerance)));
    });
  // Beside steps that are given, runs on fewer cells cost as much as the run: only for those who ask.
  if (choices.step && !choices.follows_grid) return errors;
  errors.grid = if_borne([&] {
    Values on_half = run(grids->half, coarse);
    const double between = difference(run(grids->quarter, coarse), coarser(on_half, *grids));
    errors.on_half = GridErrors::OnHalf{grids->half, std::move(on_half), between};
    return between / 3 / grids->ratio;  // of the half, then of the whole
  });
  return errors;
}

/// From what a run and one on half of the points differ by.
void settle(double between, GridErrors& errors) {
  if (!(between > 0) || !std::isfinite(between)) return;
  const double fall = std::clamp(errors.on_half->from_quarter / between, of_order_1, of_order_2);
  errors.grid = std::max(*errors.grid, between / (fall - 1));
}

}  // namespace

GridErrors grid_errors(const Process& process, const Grid& grid, const Law& initial, double start,
                       double stop, const KolmogorovChoices& choices, const Progress& progress) {
  const auto run = [&](const Grid& on, KolmogorovChoices by) {
    return solve_fokker_planck(process, on, initial, start, {stop}, by, without_fraction(progress), nullptr,
                               {false, false})
        .density.values();
  };
  const auto coarser = [](const Values& values, const CoarseGrids& grids) {
    return mean_of_pairs(values, grids.half);
  };
  return errors_of(grid, choices, run, coarser, relative_l1);
}

GridErrors grid_errors(const Process& process, const Grid& grid, const Coefficient& terminal, double start,
                       double stop, const KolmogorovChoices& choices, const Progress& progress) {
  const auto run = [&](const Grid& on, KolmogorovChoices by) {
    return solve_backward_kolmogorov(process, on, terminal, stop, {start}, by, without_fraction(progress))
        .value.values();
  };
  const auto coarser = [](const Values& values, const CoarseGrids& grids) {
    return at_centres(values, grids.half, grids.quarter);
  };
  return errors_of(grid, choices, run, coarser, largest_difference);
}

void settle_error_of_density(const Grid& grid, std::span<const double> density, GridErrors& errors) {
  if (!errors.grid || !errors.on_half) return;
  for (std::size_t k = 0; k < grid.dimension(); ++k)
    if (grid.axis(k).points != 2 * errors.on_half->grid.axis(k).points) return;  // no pairs of cells
  settle(relative_l1(errors.on_half->value, mean_of_pairs({density.begin(), density.end()}, grid)), errors);
}

void settle_error_of_value(const Grid& grid, std::span<const double> value, GridErrors& errors) {
  if (!errors.grid || !errors.on_half) return;
  const GridErrors::OnHalf& half = *errors.on_half;
  settle(largest_difference(half.value, at_centres({value.begin(), value.end()}, grid, half.grid)), errors);
}

double worst_in_middle(const Grid& grid, std::span<const double> value, const GridErrors& errors) {
  if (!errors.on_half) return 0;
  const GridErrors::OnHalf& half = *errors.on_half;
  const Values on_half = at_centres({value.begin(), value.end()}, grid, half.grid);
  double worst = 0;
  for (std::size_t i = 0; i < on_half.size(); ++i)
    if (in_middle_half(half.grid, i) && on_half[i] != 0)
      worst = std::max(worst, std::abs(half.value[i] / on_half[i] - 1));
  return worst;
}

double tolerance_for(std::optional<double> grid_error) {
  return grid_error ? std::clamp(share_of_cells * *grid_error, finest, coarsest) : finest;
}

}  // namespace umkehr
