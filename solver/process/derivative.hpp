// SPDX-License-Identifier: GPL-3.0-or-later
// Partial derivatives of a coefficient: exact for formulas; a C++ function is differenced, the first derivative to about
// 1e-12 and the second to about 1e-11 of its size, from values up to 0.03 (1 + |x|) away.
#pragma once

#include <cstddef>

#include "solver/process/coefficient.hpp"

namespace umkehr {

Coefficient derivative(const Coefficient& f, std::size_t axis);
Coefficient second_derivative(const Coefficient& f, std::size_t axis);
Coefficient time_derivative(const Coefficient& f);

}  // namespace umkehr
