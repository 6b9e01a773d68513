// SPDX-License-Identifier: GPL-3.0-or-later
// Draws from a density that is linear within each cell,
//   P(x) = mean + sum_k slope_k xi_k,  xi_k = (x_k - centre_k)/h_k,
// by inverting its distribution function: the cell and the place along the first axis by the marginal law, then along
// each further axis by the law given the places before. Sums over cells are kept up to each cell, so an axis takes a
// bisection. Masses of cells are exact; slopes are central differences, limited so that no density is negative
// (van Leer, J. Comput. Phys. 23 (1977) 276), and leave moments of smooth laws right to fourth order in h.
#pragma once

#include <span>
#include <vector>

#include "grids/grid.hpp"

namespace umkehr {

class CellSample {
 public:
  /// Means over the cells of a grid, none negative, in any unit. Throws UnfitProblem if all are zero.
  CellSample(const Grid& grid, std::span<const double> means);
  /// One uniform number in (0, 1) an axis. A draw depends on its own numbers alone.
  void draw(const Points& uniforms, Points& out) const;

 private:
  void draw_one(const Points& uniforms, std::size_t i, Points& out) const;

  Grid grid_;
  std::size_t entries_;       // mean and slopes
  std::vector<double> sums_;  // (size + 1, entries), of all cells before
};

}  // namespace umkehr
