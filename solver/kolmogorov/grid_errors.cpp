// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/kolmogorov/grid_errors.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "grids/quadrature.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/kolmogorov/fokker_planck.hpp"

namespace umkehr {
namespace {

constexpr std::size_t fewest_points = 6;  // of the coarser grid
constexpr double loose_tolerance = 1e-5, fine_tolerance = 1e-6;
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

/// Over pairs along the last axis, and that axis then goes first: once an axis, and all are as they were.
template <class Pair>
Values over_pairs(const Values& values, std::size_t points, const Pair& pair) {
  const std::size_t lines = values.size() / points, pairs = points / 2;
  Values out(lines * pairs);
  for (std::size_t line = 0; line < lines; ++line)
    for (std::size_t i = 0; i < pairs; ++i) out[i * lines + line] = pair(&values[line * points], i);
  return out;
}

Values mean_of_pairs(Values values, const Grid& grid) {
  for (std::size_t k = grid.dimension(); k-- > 0;)
    values = over_pairs(values, grid.axis(k).points, [](const double* line, std::size_t i) {
      return 0.5 * (line[2 * i] + line[2 * i + 1]);
    });
  return values;
}

/// Between the two of each pair, by the cubic through four.
Values middle_of_pairs(Values values, const Grid& grid) {
  for (std::size_t k = grid.dimension(); k-- > 0;)
    values = over_pairs(values, grid.axis(k).points,
                        [last = grid.axis(k).points / 2 - 1](const double* line, std::size_t i) {
                          const double* at = line + 2 * i;
                          if (i == 0) return (5 * at[0] + 15 * at[1] - 5 * at[2] + at[3]) / 16;
                          if (i == last) return (5 * at[1] + 15 * at[0] - 5 * at[-1] + at[-2]) / 16;
                          return (9 * (at[0] + at[1]) - at[-1] - at[2]) / 16;
                        });
  return values;
}

double median_of_relative(const Values& a, const Values& b) {
  Values all(a.size());
  const double floor = 1e-12 * norm_max(b);
  for (std::size_t i = 0; i < a.size(); ++i)
    all[i] = std::abs(a[i] - b[i]) / (std::abs(b[i]) + floor + 1e-300);
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::nth_element(all.begin(), middle, all.end());
  return *middle;
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
  } catch (const StepFailure&) {
    return {};
  } catch (const std::logic_error&) {
    return {};
  }
}

KolmogorovChoices with_tolerance(KolmogorovChoices choices, double tolerance) {
  choices.estimates_errors = false;
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
  KolmogorovChoices same = choices;
  same.estimates_errors = false;
  if (choices.step)
    errors.steps = if_borne([&] {
      return difference(run(grids->quarter, same),
                        run(grids->quarter, with_tolerance(choices, fine_tolerance)));
    });
  else
    errors.grid = if_borne([&] {
      const KolmogorovChoices loose = with_tolerance(choices, loose_tolerance);
      const double between =
          difference(run(grids->quarter, loose), coarser(run(grids->half, loose), grids->half));
      return between / 3 / grids->ratio;  // of the half, then of the whole
    });
  return errors;
}

}  // namespace

GridErrors grid_errors(const Process& process, const Grid& grid, const Law& initial, double start,
                       double stop, const KolmogorovChoices& choices, const Progress& progress) {
  const auto run = [&](const Grid& on, KolmogorovChoices by) {
    return solve_fokker_planck(process, on, initial, start, {stop}, by, without_fraction(progress), nullptr,
                               {false, false})
        .density.values();
  };
  return errors_of(grid, choices, run, mean_of_pairs, relative_l1);
}

GridErrors grid_errors(const Process& process, const Grid& grid, const Coefficient& terminal, double start,
                       double stop, const KolmogorovChoices& choices, const Progress& progress) {
  const auto run = [&](const Grid& on, KolmogorovChoices by) {
    return solve_backward_kolmogorov(process, on, terminal, stop, {start}, by, without_fraction(progress))
        .value.values();
  };
  return errors_of(grid, choices, run, middle_of_pairs, median_of_relative);
}

double tolerance_for(std::optional<double> grid_error) {
  return grid_error ? std::clamp(share_of_cells * *grid_error, finest, coarsest) : finest;
}

}  // namespace umkehr
