// SPDX-License-Identifier: GPL-3.0-or-later
// The times of a path. Where it waits, few are enough: graded times share a density
//   m(t) = 1/5 1/T + 4/5 s'(t)/S,  s' = sqrt(sum_k x_k'^2 / D_k),  S = int s' dt,
// equally between the pieces, most of them by the length of arc and the rest by time.
#pragma once

#include <cstddef>
#include <vector>

#include "solver/paths/lagrangian.hpp"
#include "solver/paths/onsager_machlup.hpp"

namespace umkehr {

std::vector<double> even_times(double start, double stop, std::size_t pieces);
/// One grading that serves all of the paths alike.
std::vector<double> graded_times(const std::vector<Path>& paths, const LagrangianValue::Vector& diffusion,
                                 std::size_t pieces);

/// With the nearest of the times, but for the first and the last, moved to each jump: no piece then sees two branches.
std::vector<double> with_nodes_at(std::vector<double> times, const std::vector<double>& jumps);

/// The path, straight between its times, at other ones.
Path sampled(const Path& path, const std::vector<double>& times);
/// A time more in the middle of each piece.
Path halved_pieces(const Path& path);
/// Every `factor`-th time, the last included.
Path thinned(const Path& path, std::size_t factor);

/// The same way with one turn more and one fewer, in the same time, if it turns in a loop half-way.
std::vector<Path> turning_otherwise(const Path& path);

/// The same way, all the time that it takes to wait spent at one of the places where it is slow, its ends among them: a
/// path for each.
std::vector<Path> waiting_elsewhere(const Path& path, const LagrangianValue::Vector& diffusion);

}  // namespace umkehr
