// SPDX-License-Identifier: GPL-3.0-or-later
// The probability flow dx/ds = F - (D/2) grad ln P (Song et al., ICLR 2021), whose particles have the law P at every time:
// by Dormand and Prince's pair of orders 5 and 4 in Boost.Odeint, whose steps are as long as the particle with the largest
// error of a block allows.
#pragma once

#include <memory>

#include "solver/particles/schemes/scheme.hpp"
#include "solver/process/reversed_clock.hpp"
#include "solver/score/score.hpp"

namespace umkehr {

/// dx/dr = -F + (D/2) S on the reversed clock, without noise.
Motion flow_motion(const Process& process, std::shared_ptr<const Score> score, const ReversedClock& clock);

class FlowScheme final : public ParticleScheme {
 public:
  explicit FlowScheme(double tolerance = 1e-8) : tolerance_(tolerance) {}
  std::string_view name() const override { return "runge-kutta"; }
  double strong_order() const override { return 5; }
  double weak_order() const override { return 5; }
  /// From t to t + h in as many steps as it takes. Throws NumericalFailure where they become too short.
  void step(const Motion& motion, double t, double h, std::size_t n, const Increments& increments, Points& x,
            StepSpace& space) const override;

 private:
  double tolerance_;
};

}  // namespace umkehr
