// SPDX-License-Identifier: GPL-3.0-or-later
// The moment equations of an affine process over one short interval. In canonical coordinates (p, x) the Riccati
// equation is linear,
//   d/ds (p; x) = (-A^T Q; D A)(p; x) with fundamental matrix (P11 P12; P21 P22),
//   E = P11^-T,  G = P21 P11^-1,  J = P11^-1 P12,  2 kappa = ln det P11 + int tr A,
// here with A, D and Q in the homogeneous coordinates (x, 1). Gauss collocation of 8 stages, order 16 (Hairer, Norsett,
// Wanner, Solving Ordinary Differential Equations I, II.7); it never evaluates the ends, where a schedule may diverge.
#pragma once

#include "solver/law/affine.hpp"
#include "solver/law/gaussian_transport.hpp"

namespace umkehr {

/// An interval of time and what happens in it.
struct TransportPanel {
  double start = 0, stop = 0;
  GaussianTransport transport;
  double turn = 0;     ///< its length times the fastest rate in it
  double killing = 0;  ///< its length times the largest coefficient of killing, the scale of the information
  bool may_create = false;  ///< whether killing is negative in some direction
};

/// One step of the collocation. Throws UnfitProblem if a coefficient is not finite.
TransportPanel solve_panel(const AffineProcess& process, double start, double stop);

}  // namespace umkehr
