// SPDX-License-Identifier: GPL-3.0-or-later
// Where to look for the path of least action: dynamic programming (Bellman; Viterbi) over the paths that go from node to
// node of a lattice in equal steps of time h, each of at most `reach` nodes an axis,
//   u_{n+1}(y) = min_x [ u_n(x) + h L((x + y)/2, (y - x)/h, t_n + h/2) ],
// from the start, and v likewise from the end. u + v is the least action through a node at a time: the best path and,
// through the other hollows of u + v, paths of other kinds. Velocities are multiples of w/h only, so that these paths are
// no minima yet, but they lie in the valleys.
#pragma once

#include <cstddef>
#include <vector>

#include "solver/paths/lagrangian.hpp"
#include "solver/paths/onsager_machlup.hpp"

namespace umkehr {

/// Where and when: nodes from `lower` to `upper`, so many an axis.
struct LatticeBox {
  std::vector<double> lower, upper;
  std::vector<std::size_t> nodes;
  std::size_t steps = 100, reach = 4;
};

/// Paths between two points of the box, the best first, one for each hollow at three times on the way.
std::vector<Path> lattice_paths(const Lagrangian& lagrangian, const LatticeBox& box,
                                const std::vector<double>& from, const std::vector<double>& to, double start,
                                double stop);

}  // namespace umkehr
