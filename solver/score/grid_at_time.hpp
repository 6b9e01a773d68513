// SPDX-License-Identifier: GPL-3.0-or-later
// A density at one time, known on a grid, interpolated and, where it is noise (below `trusted` of its
// maximum), continued: ln P linearly.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "solver/law/law_path.hpp"

namespace umkehr {

class GridAtTime : public LawAtTime {
 public:
  /// The density is scaled to mass one; `score` may be missing if nobody asks for it.
  GridAtTime(Grid grid, std::vector<double> density, Components score = {}, double trusted = 1e-12);
  std::vector<double> mean(std::size_t count, const PointFunctions& f) const override;
  void log_density(const Points& x, std::span<double> out) const override;
  void score(const Points& x, Components& out) const override;

  /// The same law on a grid whose spacing is at most `spacing` along each axis, as far as 4e6 cells allow.
  GridAtTime refined(double spacing) const;

  const Grid& grid() const { return grid_; }
  const std::vector<double>& density() const { return density_; }
  /// ln P at the centres.
  const std::vector<double>& log_density() const { return log_density_; }
  const Components& score() const { return score_; }

 private:
  Grid grid_;
  Points centres_;
  std::vector<double> density_, log_density_;
  Components score_;
};

/// D_KL(P || Q) = int P ln(P/Q): on the grid of Q where it holds all of P, else by means over P.
double relative_entropy(const LawAtTime& p, const LawAtTime& q);

}  // namespace umkehr
