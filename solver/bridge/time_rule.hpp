// SPDX-License-Identifier: GPL-3.0-or-later
// Gauss-Kronrod nodes for the running cost's integral over time, between the jumps of the coefficients.
#pragma once

#include <vector>

#include "solver/process/process.hpp"

namespace umkehr {

struct TimeRule {
  enum class Nodes { few, many };  ///< 15 or 31 between two jumps; of many jumps none is regarded
  TimeRule(const Process& reference, double start, double stop, Nodes nodes);

  std::vector<double> node, weight;  ///< ascending
};

}  // namespace umkehr
