// SPDX-License-Identifier: GPL-3.0-or-later
// SRA1 for additive noise (Roessler, SIAM J. Numer. Anal. 48 (2010) 922, table 6.2), with A = int (W(s) - W(t)) ds / h:
//   y = x + 3/4 h f(x, t) + 3/2 sqrt(D(t + h)) A,
//   x' = x + h (f(x, t)/3 + 2/3 f(y, t + 3/4 h)) + sqrt(D(t + h)) dW + (sqrt(D(t)) - sqrt(D(t + h))) A.
#pragma once

#include "solver/particles/schemes/scheme.hpp"

namespace umkehr {

class StochasticRungeKutta final : public ParticleScheme {
 public:
  std::string_view name() const override { return "srk"; }
  double strong_order() const override { return 1.5; }
  double weak_order() const override { return 2; }
  bool uses_area() const override { return true; }
  void step(const Motion& motion, double t, double h, std::size_t n, const Increments& increments, Points& x,
            StepSpace& space) const override;
};

}  // namespace umkehr
