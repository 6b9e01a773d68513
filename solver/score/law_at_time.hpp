// SPDX-License-Identifier: GPL-3.0-or-later
// A density at one time, as means over it, its logarithm and its score are needed: a Gaussian mixture, exact everywhere, or
// values on a grid, interpolated and, where they are noise (below `trusted` of their maximum), continued: ln P linearly.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "solver/law/mixture_mean.hpp"
#include "solver/score/trial_score.hpp"

namespace umkehr {

class LawAtTime {
 public:
  virtual ~LawAtTime() = default;
  /// int P f_j for `count` functions.
  virtual std::vector<double> mean(std::size_t count, const PointFunctions& f) const = 0;
  virtual void log_density(const Points& x, std::span<double> out) const = 0;
  virtual void score(const Points& x, Components& out) const = 0;
  /// The mixture behind it, if it is one.
  virtual const GaussianMixture* mixture() const { return nullptr; }
  /// Mean and variance along each axis.
  struct Moments {
    std::vector<double> mean, variance;
  };
  Moments moments(std::size_t dimension) const;
};

class MixtureAtTime : public LawAtTime {
 public:
  explicit MixtureAtTime(GaussianMixture law) : law_(std::move(law)) {}
  std::vector<double> mean(std::size_t count, const PointFunctions& f) const override;
  void log_density(const Points& x, std::span<double> out) const override { law_.log_density(x, out); }
  void score(const Points& x, Components& out) const override;
  const GaussianMixture* mixture() const override { return &law_; }

 private:
  GaussianMixture law_;
};

class GridAtTime : public LawAtTime {
 public:
  /// The density is scaled to mass one; `score` may be missing if nobody asks for it.
  GridAtTime(Grid grid, std::vector<double> density, Components score = {}, double trusted = 1e-12);
  std::vector<double> mean(std::size_t count, const PointFunctions& f) const override;
  void log_density(const Points& x, std::span<double> out) const override;
  void score(const Points& x, Components& out) const override;

  /// The same law on a grid whose spacing is at most `spacing` along each axis, as far as 4e6 cells allow.
  GridAtTime refined(double spacing) const;

  const Grid& grid() const { return grid_; }
  const std::vector<double>& density() const { return density_; }
  /// ln P at the centres.
  const std::vector<double>& log_density() const { return log_density_; }
  const Components& score() const { return score_; }

 private:
  Grid grid_;
  Points centres_;
  std::vector<double> density_, log_density_;
  Components score_;
};

/// D_KL(P || Q) = int P ln(P/Q): on the grid of Q where it holds all of P, else by means over P.
double relative_entropy(const LawAtTime& p, const LawAtTime& q);

}  // namespace umkehr
