// SPDX-License-Identifier: GPL-3.0-or-later
// What walls do to particles in a step from x to y over which the noise D h has acted: reflecting ones fold the line back,
// periodic axes wrap it. An absorbing wall at a takes, of the paths of the Brownian bridge between x and y, the share
//   p = exp(-2 (x - a)(y - a)/(D h)),   all of them where y lies beyond it
// (Gobet, Stoch. Process. Appl. 87 (2000) 167), so that survival is right to the scheme's order; the rest goes on with
// its weight times 1 - p.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "grids/axis.hpp"
#include "grids/points.hpp"

namespace umkehr {

struct Wall {
  Boundary boundary = Boundary::reflecting;
  double from = 0, to = 1;
};
/// One an axis; nothing: the whole line.
using Walls = std::vector<std::optional<Wall>>;

/// Into the domain, of weight zero beyond an absorbing wall.
void put_inside(const Walls& walls, Points& x, std::span<double> weight);

/// The weight that has left through the wall at `from` and that at `to` of each axis, one a particle; empty where nothing can.
using Leaving = std::vector<std::array<std::vector<double>, 2>>;
Leaving nothing_left(const Walls& walls, std::size_t particles);

/// `noise` is D_k h, (d). Particles that are lost stay where they were.
void meet_walls(const Walls& walls, const Points& before, std::span<const double> noise, Points& x,
                std::span<double> weight, Leaving& leaving);

}  // namespace umkehr
