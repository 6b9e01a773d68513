// SPDX-License-Identifier: GPL-3.0-or-later
// Independent draws from a law, made of numbers that are given: uniform ones in (0, 1) and standard normal ones. Draw i
// depends on the numbers of i alone, so whoever keys these by particle has the same particle in any batch.
//
// A mixture, of any dimension: a component by its share, x = m + R z with R R^T = C. Its weights are shares of what is
// drawn, whatever their sum. Along a periodic axis a draw is brought into the axis; beyond other walls it stays where
// it is, to be reflected or killed by whoever draws.
//
// Formulas and fields, within the grid's walls: cell_sample.hpp, on cells finer than the grid's.
#pragma once

#include <cstddef>
#include <memory>

#include "solver/law/law.hpp"

namespace umkehr {

class LawSampler {
 public:
  /// A formula needs the grid, whose walls bound it. Throws UnfitProblem without, and where law and grid
  /// differ in dimension; UnfitProblem for a law without mass, and as `cell_means`.
  LawSampler(const Law& law, const Grid* grid);

  std::size_t dimension() const;
  /// Numbers that a draw takes.
  std::size_t uniforms() const;
  std::size_t normals() const;
  /// One draw for each point of `out`. Throws UnfitProblem where there are too few numbers.
  void draw(const Points& uniforms, const Points& normals, Points& out) const;

  struct Draws;

 private:
  std::shared_ptr<const Draws> draws_;
};

}  // namespace umkehr
