// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of (x, t), one an axis, that cost less together than one by one, as the coefficients of a
// process.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "grids/points.hpp"
#include "solver/process/coefficient.hpp"

namespace umkehr {

/// Fills one array an axis. Several threads may call it at once.
using VectorField = std::function<void(const Points& x, double t, Components& out)>;

/// The field's components. They share what was worked out for the points and the time that were asked for
/// last.
std::vector<Coefficient> components_of(VectorField field, std::size_t dimension);

}  // namespace umkehr
