// SPDX-License-Identifier: GPL-3.0-or-later
// The valleys of the action between two points, found on few pieces: Newton's iteration from several families of paths,
//   straight lines and lines bent to either side along each axis,
//   paths over a lattice (path_lattice.hpp), first over all of the box, then about those that were found there; where
//     its steps cannot fill a long time, a shorter time continued by waiting,
//   and the best of all again with its waiting spent elsewhere, at either end or where else it is slow, and with a turn
//     more or fewer where it goes round a loop.
#pragma once

#include <cstddef>
#include <vector>

#include "solver/paths/path_newton.hpp"

namespace umkehr {

/// Between two points.
struct PathEnds {
  std::vector<double> from, to;
  double start, stop;
};

struct PathSearch {
  const Lagrangian& lagrangian;
  std::vector<double> lower, upper;  ///< where paths may go
  double scale = 1;                  ///< how far a path is likely to go
  double tolerance = 1e-10;          ///< of Newton's iteration
  std::size_t iterations = 500;      ///< at most, from each start
  std::size_t pieces = 64;           ///< of the first lines, at most
  bool everywhere = true;            ///< else from the straight line alone
};

/// Straight in time, with even pieces.
Path straight_path(const PathEnds& ends, std::size_t pieces);

struct PathValleys {
  std::vector<Minimum> minima;  ///< that differ, ascending, each on times of its own
  double min_seen;              ///< action of any path that was looked at: no minimum should lie above it
};

/// Whether a path was seen whose action is clearly below the least minimum.
bool has_missed(double min_seen, const Action& least);

PathValleys path_valleys(const PathSearch& search, const PathEnds& ends);

/// Whether two minima are one: their actions within `tolerance` of 1 + the kinetic part, and their ways in space alike,
/// though one may cross earlier.
bool is_same_minimum(const Minimum& a, const Minimum& b, double scale, double tolerance);

/// Adds a minimum to those that ascend, unless one of them is the same; the better of both stays.
void add_minimum(std::vector<Minimum>& found, Minimum minimum, double scale, double tolerance);

}  // namespace umkehr
