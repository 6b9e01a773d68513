// SPDX-License-Identifier: GPL-3.0-or-later
// A value J on trigonometric polynomials (fourier_generator.hpp), where an axis of the line is bent into a circle though
// J need not vanish at its walls. Entry i of a value is the pairing of J(stop) with the density that starts as the delta
// at centre i, so two things keep the interior as exact as densities are:
// - J(stop) is blended smoothly, within an eighth of the axis before each wall, into the mean of its two wall values:
//   what no density from the interior meets at `stop` does not count;
// - J is read through the damped delta exp(-36 (kappa/kappa_max)^14) with which a point mass starts (fourier_law.hpp),
//   which is local, unlike the bare one: a kink at the seam stays there.
// Filter: Vandeven, J. Sci. Comput. 6 (1991) 159; Gottlieb & Shu, SIAM Rev. 39 (1997) 644.
#pragma once

#include <span>
#include <vector>

#include "solver/fourier/fourier_generator.hpp"
#include "solver/process/coefficient.hpp"

namespace umkehr {

/// Share of a non-periodic axis before each wall in which terminal values are blended.
constexpr double blended_share = 1.0 / 8;

/// Reads and writes the values of one generator; not for use by two threads at once.
class FourierValue {
 public:
  explicit FourierValue(FourierGenerator& generator);

  std::vector<double> state_of(const Coefficient& terminal, double stop);
  void values(std::span<const double> state, std::span<double> out);
  /// Root of the mean square, what lies in the blended shares weighted down to a thousandth: errors at the seam, where
  /// the drift may jump, need not be as small as those inside.
  double norm(std::span<const double> state);
  /// The value faded out towards the walls of the line, as a state whose spectrum tells whether the interior is
  /// resolved.
  std::vector<double> inside(std::span<const double> state);
  std::size_t memory() const;

 private:
  FourierGenerator& generator_;
  std::vector<double> damping_;  // of each coefficient
  std::vector<double> weight_;   // of each centre in the norm
  std::vector<double> damped_, field_;
};

}  // namespace umkehr
