// SPDX-License-Identifier: GPL-3.0-or-later
// What bounds start from, and the logarithm of nothing.
#pragma once

#include <limits>

namespace umkehr {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double log_zero = -infinity;

}  // namespace umkehr
