// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace umkehr {

/// Whether none of the values is infinite or not a number; large fields are looked at by all threads.
bool all_finite(std::span<const double> values);

}  // namespace umkehr
