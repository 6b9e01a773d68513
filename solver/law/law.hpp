// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a density at one time.
#pragma once

#include <span>
#include <variant>
#include <vector>

#include "grids/grid.hpp"
#include "solver/law/gaussian_mixture.hpp"
#include "solver/process/coefficient.hpp"

namespace umkehr {

/// A density given up to its normalisation by a function of x.
struct FormulaLaw {
  Coefficient density;
};

/// A density known at the centres of a grid, interpolated between them and zero outside.
struct GriddedLaw {
  Grid grid;
  std::vector<double> density;
};

/// Points, samples and Gaussians of any number are all Gaussian mixtures.
using Law = std::variant<GaussianMixture, FormulaLaw, GriddedLaw>;

/// Means over the cells of `grid`, scaled so that the total mass on the grid is one (a mixture keeps its own mass: what
/// lies outside is lost, but a periodic axis wraps it). Throws std::domain_error if the density is negative, not finite or
/// nowhere positive.
void cell_means(const Law& law, const Grid& grid, std::span<double> out);

/// Values at given points, with the normalisation of `cell_means` on `grid`. Throws as above, and
/// std::domain_error for point masses, which have no values.
void density_at(const Law& law, const Grid& grid, const Points& x, std::span<double> out);

}  // namespace umkehr
