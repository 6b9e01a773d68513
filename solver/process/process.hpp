// SPDX-License-Identifier: GPL-3.0-or-later
// dx = F(x, t) dt + sqrt(D(t)) dW (Ito), killed at rate V(x, t): the equations (2.2, 2.16a, 2.19). D is the
// full noise strength (2.3): variance grows by D dt.
// Its generator is L h = F.grad h + sum_k D_k/2 d_k^2 h - V h (2.25, 2.26, 2.28), its adjoint that of (2.6, 2.33).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "solver/process/coefficient.hpp"

namespace umkehr {

struct Process {
  std::vector<Coefficient> drift;        ///< F_k(x, t), x/t, one an axis
  std::vector<Coefficient> diffusion;    ///< D_k(t) > 0, x^2/t, one an axis
  Coefficient killing = 0.0;             ///< V(x, t), 1/t, of either sign
  std::optional<Coefficient> potential;  ///< U(x, t) with F = -grad U, where it was given

  std::size_t dimension() const { return drift.size(); }
  bool depends_on_time() const;
};

/// Whether neither drift nor killing has jumps or kinks along an axis; C++ functions pass for smooth.
bool is_smooth(const Process& process);

/// div F. Exact for formulas; a drift that is a C++ function is differenced to about 1e-12. Throws UnfitProblem
/// where a component may jump along its own axis: its divergence is no function.
Coefficient divergence(const Process& process);

}  // namespace umkehr
