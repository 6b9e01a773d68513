// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "grids/axis.hpp"

namespace umkehr {

/// At the centres of an axis: one inside, falling within `share` of the axis' length before each wall to zero there, as
/// erfc does, whose spectrum falls like a Gaussian; both ends are reached to 1e-12.
std::vector<double> taper(const Axis& axis, double share);

}  // namespace umkehr
