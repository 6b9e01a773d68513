// SPDX-License-Identifier: GPL-3.0-or-later
// Phi with d_k Phi = -2 F_k / D_k: without killing the stationary law of (2.6) is exp(-Phi) up to normalisation (4.19;
// its score is -grad Phi (4.17); for F = -beta x/2 the Gaussian of variance D/beta (2.36)), and exponentially fitted
// fluxes that take differences of Phi keep it. Phi = 2 U / D where a potential was given, else
// Phi(x) = -int_0^1 sum_k (x_k - c_k) 2 F_k/D_k(c + r (x - c)) dr from the grid's centre c, by Gauss-Legendre rules of
// as many nodes as the force asks for.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

class QuasiPotential {
 public:
  /// Nothing unless drift and diffusion are formulas whose quotients F_k/D_k do not depend on time (beta may cancel)
  /// and are the gradient of a smooth function, of one value along periodic axes.
  static std::optional<QuasiPotential> of(const Process& process, const Grid& region);

  /// out[i] = Phi at point i, up to a constant; to about 1e-14 of its largest value on the region.
  void operator()(const Points& x, std::span<double> out) const;

 private:
  struct Rule {
    std::vector<double> node, weight;  ///< on [0, 1]
  };
  static Rule composite_rule(unsigned points, unsigned panels);

  QuasiPotential() = default;
  void integrate(const Rule& rule, const Points& x, std::span<double> out) const;
  bool choose_rule(const Points& samples);
  bool is_periodic(const Grid& region, const Points& samples) const;

  std::optional<Formula> exact_;
  std::vector<Formula> force_;  ///< 2 F_k / D_k, taken at time_
  double time_ = 0;
  std::vector<double> centre_;
  Rule rule_;
};

}  // namespace umkehr
