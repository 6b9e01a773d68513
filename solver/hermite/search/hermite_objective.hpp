// SPDX-License-Identifier: GPL-3.0-or-later
// The two judges of a Hermite basis behind hermite_search.hpp.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "grids/grid.hpp"
#include "solver/hermite/hermite.hpp"
#include "solver/law/affine.hpp"
#include "solver/law/law.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// A bump of the law along one axis.
struct Bump {
  double weight = 1, mean = 0, variance = 1;
};

/// Ranges in which to look along one axis.
struct HermiteRange {
  double left = 0, right = 0;           ///< where the law lies, at any time
  double min_scale = 0, max_scale = 0;  ///< between them the scale
};

/// Where a basis goes that moves with an affine process, from the kernel of a reference basis (hermite_kernel.hpp): with
/// centre mu and scale^2 1 + delta, to centre a + B (delta b + mu)/(1 - C delta), scale^2 1 + Delta + delta B^2/(1 - C delta).
struct BasisMotion {
  HermiteBasis reference{};
  double spread = 0, carry = 1, curvature = 0, shift = 0, tilt = 0;

  /// Nothing where the basis ceases to exist.
  std::optional<HermiteBasis> of(const HermiteBasis& basis) const;
};

/// The laws of one axis at several times, in closed form.
class BumpsOverTime {
 public:
  /// Correlations stretch and squeeze the bumps as their principal directions do.
  BumpsOverTime(const AffineProcess& process, const GaussianMixture& initial,
                const std::vector<double>& times, std::size_t axis, bool axes_apart);
  HermiteRange range() const;
  /// Of the basis at the start.
  double truncation_error(const HermiteBasis& basis) const;

 private:
  bool moves_;
  std::vector<std::vector<Bump>> bumps_;  // at each time
  std::vector<BasisMotion> motions_;      // until then
};

/// Short runs by exponentials along one axis, the others held at their centres, with few modes. Only the start counts
/// where the bases will move.
class HermiteTrials {
 public:
  HermiteTrials(const Process& process, const Grid& grid, const Law& initial,
                const std::vector<double>& times);
  HermiteRange range(std::size_t axis) const { return ranges_[axis]; }
  double truncation_error(const HermiteChoice& choice, std::size_t axis);
  /// Midpoint of where the law lay in the latest run.
  double midpoint(std::size_t axis) const { return midpoint_[axis]; }

 private:
  Process process_;
  Grid grid_;
  Law initial_;
  std::vector<double> times_;
  std::vector<double> midpoint_;
  std::vector<HermiteRange> ranges_;
};

/// log of the worst plus mean of the logs.
double badness_of(const std::vector<double>& errors);

/// At most `most` of the times, the first and the last among them.
std::vector<double> thinned(const std::vector<double>& times, std::size_t most);

}  // namespace umkehr
