// SPDX-License-Identifier: GPL-3.0-or-later
// The Schroedinger system (3.28): chi chi_hat = P_i at start and P_f at stop, chi = G chi_f, chi_hat = G^T chi_hat_i, by
// Fortet's iteration (Sinkhorn; iterative proportional fitting) on logarithms, ln chi_f accelerated by Anderson's method in
// the mean square weighted by P_f (anderson.hpp). A step that makes the error grow is taken back: from the best state so far
// a plain sweep, which never makes it grow, and the acceleration starts anew.
//
// What is given back comes from one plain sweep: P_i is met exactly, and P_f (3.17) with the error that is told. Where
// rounding keeps the error above the tolerance the iteration stops, and says so. By Jensen's inequality
//   D_KL(H* || G) >= -ln int dx_i P_i(x_i) int dx_f G(x_f | x_i),
// which no kernel of positive entries can break: a divergence below that is refused.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "grids/failure.hpp"
#include "grids/grid.hpp"
#include "solver/bridge/kernels/kernel.hpp"

namespace umkehr {

struct SchroedingerChoices {
  double tolerance = 1e-12;             ///< of the L1 error of the marginals
  std::size_t max_iterations = 20'000;  ///< applications of the kernel and its transpose
  std::size_t acceleration =
      8;  ///< differences that Anderson's method combines; 0 for Fortet's iteration itself
  std::vector<double> log_chi_final;  ///< where to begin; empty: zero
};

/// Logarithms at the cell centres; -infinity where a marginal is zero. Gauge: int P_i ln chi_i = 0.
struct SchroedingerSolution {
  std::vector<double> log_chi_initial, log_chi_final;
  std::vector<double> log_chi_hat_initial, log_chi_hat_final;
  double divergence = 0;      ///< D_KL(H* || G) = int P_f ln chi_f - int P_i ln chi_i
  double marginal_error = 0;  ///< the larger L1 error of the two marginals
  double unreached = 0;       ///< mass of a marginal, below 1e-8, that no path of the kernel leads to
  std::size_t iterations = 0;
  std::vector<std::string> warnings;
};

/// The iteration did not reach its tolerance; what() says how far it came and what to try.
class NotConverged : public NumericalFailure {
 public:
  using NumericalFailure::NumericalFailure;
};

/// `initial` and `final` are densities on the grid of mass one. `progress` sees the fraction of the digits that is
/// reached, and may throw to stop. Throws NotConverged, and UnfitProblem for marginals that are no densities.
SchroedingerSolution solve_schroedinger_system(Kernel& kernel, const Grid& grid,
                                               std::span<const double> initial, std::span<const double> final,
                                               const SchroedingerChoices& choices = {},
                                               const std::function<void(double)>& progress = {});

}  // namespace umkehr
