// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels of one reference process between its times: from `start` to `stop` for the Schroedinger system, and from
// and to the times at which the bridge is wanted. Those of a closed form reach from any time to any later one at once;
// those of a propagator are cheap between neighbouring times only, so that
//   chi(t_k) = G(t_k, t_k+1) chi(t_k+1),  chi_hat(t_k+1) = G(t_k, t_k+1)^T chi_hat(t_k).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "grids/grid.hpp"
#include "solver/bridge/kernels/kernel.hpp"
#include "solver/law/affine.hpp"

namespace umkehr {

class KernelFamily {
 public:
  virtual ~KernelFamily() = default;
  /// Throws UnfitProblem where the process or the grid does not allow it (number and remedy).
  virtual std::unique_ptr<Kernel> between(double start, double stop) = 0;
  /// Kernels whose errors in time fall by four from one to the next, of which `between` gives the last: bridges by all of
  /// them are extrapolated.
  virtual std::size_t levels() const { return 1; }
  virtual std::unique_ptr<Kernel> level_between(double start, double stop, std::size_t) {
    return between(start, stop);
  }
  /// Axes along which the walls are not those of the process: the bridge must not come near.
  virtual std::vector<std::size_t> open_axes() const { return {}; }
  /// The same for values at chosen times, which may be close: no exact transpose is promised.
  virtual std::unique_ptr<Kernel> values_between(double start, double stop) { return between(start, stop); }
  /// Whether a kernel between far times costs no more than one between neighbours.
  virtual bool reaches_far() const = 0;
};

/// Of an affine process, on the line: the walls bound only what is kept. Throws UnfitProblem for periodic axes,
/// and for a grid on which three axes that are all coupled would take minutes.
std::unique_ptr<KernelFamily> closed_form_kernels(const AffineProcess& process, const Grid& grid);

}  // namespace umkehr
