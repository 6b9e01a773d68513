// SPDX-License-Identifier: GPL-3.0-or-later
// A Gaussian mixture under an affine process on the line: P = sum_c w_c N(x; m_c(t), C_c(t)) (solver/law/affine.hpp).
#pragma once

#include "solver/law/affine.hpp"
#include "solver/law/gaussian_mixture.hpp"
#include "solver/score/forward_law.hpp"

namespace umkehr {

/// A mixture at one point after the other.
class MixtureAtPoints {
 public:
  /// Throws std::domain_error for a singular mixture.
  explicit MixtureAtPoints(const GaussianMixture& mixture);

  double log_density(std::span<const double> x) const;
  double score(std::span<const double> x, std::size_t axis) const;

 private:
  /// ln w_c N(x; m_c, C_c)
  double exponent(std::size_t component, std::span<const double> x) const;

  std::size_t dimension_;
  std::vector<double> constant_, mean_, precision_;  // (count), (count, d), (count, d, d)
};

class MixtureForwardLaw : public ForwardLaw {
 public:
  /// Of a mixture at `start`, until `stop`.
  MixtureForwardLaw(AffineProcess process, const GaussianMixture& initial, double start, double stop);

  double log_density(std::span<const double> x, double t) const override;
  double score(std::span<const double> x, double t, std::size_t axis) const override;
  bool is_closed_form() const override { return true; }
  GaussianMixture at(double t) const;

 private:
  AffineProcess process_;
  std::vector<double> times_;
  std::vector<GaussianMixture> laws_;  // at equal times, from where the way to any other is short
  LatestMoment<MixtureAtPoints> latest_;
};

}  // namespace umkehr
