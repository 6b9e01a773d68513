// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>

#include "grids/failure.hpp"
#include "grids/points.hpp"

namespace umkehr {

/// S(x, t), one component an axis: grad ln P of a law over time, or a model of it.
class Score {
 public:
  virtual ~Score() = default;
  /// At a batch of points; `out` has room for one value a point in each component. Several threads may call
  /// it at once, and no value depends on which other points are in the batch.
  virtual void operator()(const Points& x, double t, Components& out) const = 0;
  /// Whether its derivatives are known.
  virtual bool has_divergence() const { return false; }
  /// S, and sum_k factor_k d_k S_k. Throws UnfitProblem where that is not known.
  virtual void with_divergence(const Points&, double, std::span<const double> factor, Components&,
                               std::span<double>) const {
    throw UnfitProblem("the derivatives of a score in " + std::to_string(factor.size()) +
                       " coordinates are not known");
  }
};

}  // namespace umkehr
