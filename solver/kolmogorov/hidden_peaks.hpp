// SPDX-License-Identifier: GPL-3.0-or-later
// Where a formula does within a cell what the centres about it do not tell. Samples find only what they meet; bounds by
// interval arithmetic hold everywhere: blocks of cells are given up where curvature cannot lift the formula out of the
// range of its centres, d^2 f h^2 / 8, and cells where its bounds do not leave it. Within the rest the box with the
// highest bound is halved, again and again, until it shows its peak or the bound falls to what its neighbours tell
// (branch and bound: Moore, Kearfott and Cloud, Introduction to Interval Analysis, 2009, 11).
#pragma once

#include <algorithm>
#include <vector>

#include "grids/grid.hpp"
#include "solver/process/formula/formula.hpp"

namespace umkehr {

/// The least and the most of the values about a place.
struct Surroundings {
  double least, most;

  double width() const { return most - least; }
  void include(double value) {
    least = std::min(least, value);
    most = std::max(most, value);
  }
  /// How far outside a value lies, if by more than the range is wide.
  double outside(double value) const {
    const double distance = std::max(value - most, least - value);
    return distance > width() + 1e-9 * std::max(std::abs(least), std::abs(most)) ? distance : 0;
  }
  double nearest(double value) const { return value > most ? most : least; }
};

/// A place where the formula lies so far outside of the surrounding centres' range.
struct HiddenPeak {
  std::vector<double> place;
  double height = 0;
};

/// The highest few that are higher than `tolerable`, of cells that do not lie at a wall.
std::vector<HiddenPeak> hidden_peaks(const Formula& formula, const Grid& grid, double t, double tolerable);

}  // namespace umkehr
