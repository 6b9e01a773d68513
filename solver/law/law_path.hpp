// SPDX-License-Identifier: GPL-3.0-or-later
// The law P(x, t) of a process at any time (2.6, 3.39): in closed form where it stays a Gaussian mixture
// (mixture_path.hpp), else from a run of the Fokker-Planck equation (solver/score).
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "grids/points.hpp"
#include "solver/law/gaussian_mixture.hpp"
#include "solver/law/mixture_mean.hpp"

namespace umkehr {

/// A density at one time, as means over it, its logarithm and its score are needed. Several threads may ask
/// at once.
class LawAtTime {
 public:
  virtual ~LawAtTime() = default;
  /// int P f_j for `count` functions.
  virtual std::vector<double> mean(std::size_t count, const PointFunctions& f) const = 0;
  virtual void log_density(const Points& x, std::span<double> out) const = 0;
  /// d_k ln P
  virtual void score(const Points& x, Components& out) const = 0;
  /// The same and sum_k factor_k d_k^2 ln P. Throws UnfitProblem where that is not known.
  virtual void score_and_divergence(const Points& x, std::span<const double> factor, Components& out,
                                    std::span<double> divergence) const;
  /// The mixture behind it, if it is one.
  virtual const GaussianMixture* mixture() const { return nullptr; }
  /// Mean and variance along each axis.
  struct Moments {
    std::vector<double> mean, variance;
  };
  Moments moments(std::size_t dimension) const;
};

/// Several threads may ask at once.
class LawPath {
 public:
  virtual ~LawPath() = default;
  virtual std::shared_ptr<const LawAtTime> at(double t) const = 0;
  /// Panels on which a quadrature in time finds the law without interpolation; none where any time is as
  /// good.
  virtual std::vector<double> panels() const { return {}; }
  virtual bool is_exact() const { return false; }
  /// What is to be said of a numerical solution, each with a number and a remedy.
  virtual std::vector<std::string> warnings() const { return {}; }
};

}  // namespace umkehr
