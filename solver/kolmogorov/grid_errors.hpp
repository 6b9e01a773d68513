// SPDX-License-Identifier: GPL-3.0-or-later
// What the cells and the steps leave of a run by finite volumes, told by coarser runs:
//   runs on a half and a quarter of the points, whose errors are 4 and 16 times as large (order 2), differ by 12 of that
//   of the cells; one on a quarter of the points by equal steps differs from one by fine steps by that of the steps.
// Layers that are thinner than cells are of a lower order, and errors that change their sign are not told by two grids: the
// run is held, once it is known, beside that on half of the points, and what they differ by, over what the two coarser ones
// do, tells the order (Richardson), which is taken as 1 at least.
// Steps in time that are a good deal more accurate than the cells spend work that nobody sees.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "solver/kolmogorov/choices.hpp"
#include "solver/law/law.hpp"
#include "solver/process/process.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {

/// Relative L1 errors of the density at the end; the largest of a value at the first time, relative to its largest value.
/// Nothing where nobody asked, an axis has too few points to halve twice, or the coarse grids cannot bear the problem.
struct GridErrors {
  std::optional<double> grid;   ///< of the cells, which the tolerance may follow
  std::optional<double> steps;  ///< of equal steps in time
  struct OnHalf {
    Grid grid;
    std::vector<double> value;
    double from_quarter;  ///< difference, in the same norm
  };
  std::optional<OnHalf> on_half;
};

GridErrors grid_errors(const Process& process, const Grid& grid, const Law& initial, double start,
                       double stop, const KolmogorovChoices& choices, const Progress& progress = {});
GridErrors grid_errors(const Process& process, const Grid& grid, const Coefficient& terminal, double start,
                       double stop, const KolmogorovChoices& choices, const Progress& progress = {});

/// The error of the cells, now that the run is done.
void settle_error_of_density(const Grid& grid, std::span<const double> density, GridErrors& errors);
void settle_error_of_value(const Grid& grid, std::span<const double> value, GridErrors& errors);

/// The largest difference of a value from that on half of the points in the middle half of the axes, over the size of the value
/// there.
double worst_in_middle(const Grid& grid, std::span<const double> value, const GridErrors& errors);

/// For the steps in time: a share of the error of the cells, between 1e-8 and 1e-4; 1e-8 where it is not known.
double tolerance_for(std::optional<double> grid_error);

}  // namespace umkehr
