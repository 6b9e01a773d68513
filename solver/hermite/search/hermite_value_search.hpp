// SPDX-License-Identifier: GPL-3.0-or-later
// Centre and scale of the Hermite bases of a run that knows a value only: J at its end. A value in N modes errs at x by
// its last coefficients times psi_N(x) and by the roundoff of all, epsilon |a| sum_n |psi_n(x)|: a basis that is too
// narrow magnifies roundoff towards the walls, one that is too wide does not resolve J. Trial runs along one axis, the
// others held, are judged by the largest such error over the middle half of the axis.
#pragma once

#include <vector>

#include "grids/grid.hpp"
#include "solver/hermite/hermite.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// Bases at times.front() for the value that is `terminal` at times.back(). Fills in what `given` leaves empty.
HermiteChoice search_hermite_value_choice(const Process& process, const Grid& grid,
                                          const Coefficient& terminal, const std::vector<double>& times,
                                          const HermiteChoice& given = {});

}  // namespace umkehr
