// SPDX-License-Identifier: GPL-3.0-or-later
// x' = x + h f(x, t) + sqrt(D(t)) dW (Maruyama, Rend. Circ. Mat. Palermo 4 (1955) 48); strong order 1 since the noise is
// additive.
#pragma once

#include "solver/particles/schemes/scheme.hpp"

namespace umkehr {

class EulerMaruyama final : public ParticleScheme {
 public:
  std::string_view name() const override { return "euler-maruyama"; }
  double strong_order() const override { return 1; }
  double weak_order() const override { return 1; }
  void step(const Motion& motion, double t, double h, std::size_t n, const Increments& increments, Points& x,
            StepSpace& space) const override;
};

}  // namespace umkehr
