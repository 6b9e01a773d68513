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
/// lies outside is lost, but a periodic axis wraps it). Throws UnfitProblem if the density is negative, not finite or
/// nowhere positive.
void cell_means(const Law& law, const Grid& grid, std::span<double> out);

/// Values at the centres, but means over the cells that a border between pieces of a formula cuts, with the normalisation
/// of `density_at`. Throws as there.
void centre_values(const Law& law, const Grid& grid, std::span<double> out);

/// Whether a law lies so close to walls that they must be meant: a density there of a hundredth of the largest, or more.
bool reaches_walls(const Law& law, const Grid& grid);

/// Masses at points that stand for a law: sum of m J(x) is int P J to the order of Gauss's rules where J is smooth,
/// wherever P jumps.
struct PointMasses {
  Points places;
  std::vector<double> density, mass;
};

/// Whether a formula has pieces, or a ring on whose seam its ends do not meet, so that samples of it miss where it jumps.
bool has_pieces(const Law& law, const Grid& grid);

/// At the nodes of Gauss's rules in all cells, between the borders of pieces; they add up to one. Throws as above.
PointMasses point_masses(const Law& law, const Grid& grid);

/// Values at given points, with the normalisation of `cell_means` on `grid`. Throws as above, and
/// UnfitProblem for point masses, which have no values.
void density_at(const Law& law, const Grid& grid, const Points& x, std::span<double> out);

}  // namespace umkehr
