// SPDX-License-Identifier: GPL-3.0-or-later
// y = x + h f(x, t) + sqrt(D(t)) dW,  x' = x + h (f(x, t) + f(y, t + h))/2 + (sqrt(D(t)) + sqrt(D(t + h)))/2 dW
// (Kloeden and Platen 1992, 15.1; additive noise: Ito's and Stratonovich's integrals are one).
#pragma once

#include "solver/particles/schemes/scheme.hpp"

namespace umkehr {

class StochasticHeun final : public ParticleScheme {
 public:
  std::string_view name() const override { return "heun"; }
  double strong_order() const override { return 1; }
  double weak_order() const override { return 2; }
  void step(const Motion& motion, double t, double h, std::size_t n, const Increments& increments, Points& x,
            StepSpace& space) const override;
};

}  // namespace umkehr
