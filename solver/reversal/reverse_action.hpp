// SPDX-License-Identifier: GPL-3.0-or-later
// The action of the bridge that a reversal is, i the noise end and f the data end (3.22, chi = P):
//   A* = E_f ln P_f - E_i ln P_i = int E[D S^2/2 + div F + V] dt (de Bruijn),
// which is h(P_i) - h(P_f) where nothing is lost. It may be negative: the killed reference has mass Z(x_i) from x_i, the
// solution of the forward equation that starts as 1 everywhere, and D_KL(H || G/Z) = A* + E_i ln Z >= 0 is
// the exponent of (3.16).
#pragma once

#include <optional>
#include <span>

#include "grids/grid.hpp"
#include "solver/law/law_path.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

struct ReverseAction {
  double action = 0;                    ///< A* by the end values
  std::optional<double> running;        ///< A* as an integral over time; not where mass is lost
  std::optional<double> normalisation;  ///< E_i ln Z; not where it was not asked for
};

/// A* as an integral between two times, to about 1e-12 in time; E over the grid's centres.
double running_action(const Process& process, const Grid& grid, const LawPath& law, double first,
                      double stop);

/// E_i ln Z under `noise`, a density on the grid at `stop`. An affine drift without killing has Z = exp(-int div F) on the
/// line; else Z is found by finite volumes between the walls of the grid.
double reference_normalisation(const Process& process, const Grid& grid, std::span<const double> noise,
                               double first, double stop, double tolerance);

}  // namespace umkehr
