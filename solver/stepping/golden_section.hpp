// SPDX-License-Identifier: GPL-3.0-or-later
// Where a function of one variable that is rough in the small is least. Not by Boost's brent_find_minima, whose parabolas
// roughness misleads, and which would choose other Hermite bases, and so other numbers.
#pragma once

#include <functional>

namespace umkehr {

/// The least of `scan` equidistant values, then golden sections between its neighbours.
double least(const std::function<double(double)>& f, double from, double to, int scan, int sections);
/// The same in the logarithm of the variable.
double min_scale(const std::function<double(double)>& f, double from, double to, int scan, int sections);

}  // namespace umkehr
