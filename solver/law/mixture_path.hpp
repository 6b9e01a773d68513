// SPDX-License-Identifier: GPL-3.0-or-later
// A Gaussian mixture, exact everywhere, and what becomes of it under an affine process on the line:
// P = sum_c w_c N(x; m_c(t), C_c(t)) (affine.hpp).
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "solver/law/affine.hpp"
#include "solver/law/gaussian_mixture.hpp"
#include "solver/law/law_path.hpp"

namespace umkehr {

class MixtureAtTime : public LawAtTime {
 public:
  explicit MixtureAtTime(GaussianMixture law) : law_(std::move(law)) {}
  std::vector<double> mean(std::size_t count, const PointFunctions& f) const override;
  void log_density(const Points& x, std::span<double> out) const override { law_.log_density(x, out); }
  void score(const Points& x, Components& out) const override { law_.score(x, out); }
  void score_and_divergence(const Points& x, std::span<const double> factor, Components& out,
                            std::span<double> divergence) const override {
    law_.score(x, factor, out, divergence);
  }
  const GaussianMixture* mixture() const override { return &law_; }

 private:
  GaussianMixture law_;
};

class MixturePath : public LawPath {
 public:
  /// Of a mixture at `start`.
  MixturePath(AffineProcess process, GaussianMixture law, double start);
  /// The law is kept at so many equal times until `stop`, from where the way to any other is short: for those
  /// who ask at thousands of times.
  MixturePath(AffineProcess process, GaussianMixture law, double start, double stop, std::size_t stations);

  GaussianMixture mixture_at(double t) const;
  std::shared_ptr<const LawAtTime> at(double t) const override;
  bool is_exact() const override { return true; }

 private:
  AffineProcess process_;
  std::vector<double> times_;
  std::vector<GaussianMixture> laws_;  // at these times
};

}  // namespace umkehr
