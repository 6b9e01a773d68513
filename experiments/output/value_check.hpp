// SPDX-License-Identifier: GPL-3.0-or-later
// What every result is held to, whatever its task: no number is NaN or infinite, and no density is negative.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/output/result.hpp"
#include "grids/failure.hpp"

namespace umkehr {

/// A value of a result that cannot stand; what() names variable and place, and says what to try.
class WrongValue : public NumericalFailure {
 public:
  using NumericalFailure::NumericalFailure;
};

/// Throws WrongValue. Gives back warnings of densities that are negative by more than rounding. At `point`, a time at which
/// the density is a point and a series of it ripples, that is a warning too.
std::vector<std::string> check_values(const Group& group, std::optional<double> point = {});

}  // namespace umkehr
