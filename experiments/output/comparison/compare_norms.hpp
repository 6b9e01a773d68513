// SPDX-License-Identifier: GPL-3.0-or-later
// Norms of d = a - b over one array, means with weights w: l1 = <|d|>, l2 = <d^2>^(1/2), linf = max |d|.
#pragma once

#include <cstddef>
#include <span>

namespace umkehr {

/// The region in which a density is trusted, as a fraction of its maximum.
inline constexpr double trusted_fraction = 1e-10;

struct Norms {
  double l1 = 0, l2 = 0, linf = 0;
  double reference_l1 = 0, reference_l2 = 0, reference_linf = 0;  ///< the same of b
  std::size_t where = 0;                                          ///< index of the largest |d|
  std::size_t unequal_not_finite = 0;  ///< pairs with a NaN or an infinity that is not in both
};

/// With a `density` (as long as a and b, else empty) weights are its values where it exceeds trusted_fraction
/// of its maximum, and zero elsewhere; values that are not finite count everywhere.
Norms difference_norms(std::span<const double> a, std::span<const double> b,
                       std::span<const double> density = {});

/// difference / reference; 0 if both vanish, infinite if the reference alone does.
double ratio(double difference, double reference);

}  // namespace umkehr
