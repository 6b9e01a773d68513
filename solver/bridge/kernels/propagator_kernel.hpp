// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels of any process, by propagation in time (2.33; without killing (2.4, 2.24)), in one to three dimensions:
//   sliced        one axis: a matrix of path integrals extrapolated to infinitely many slices (sliced_propagator.hpp),
//                 relatively accurate in the tails; walls are those of the axis.
//   sliced        several axes, where the drift is a smooth gradient: the path integral of the symmetrised process, in n,
//                 2 n, 4 n, .. slices, bridges by which are extrapolated (symmetrised_slices.hpp).
//   finite_volume a jump process between cells, of order 2 in space, uniformised in time (uniformisation.hpp): relatively
//                 accurate in the tails too; walls are those of the axes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "solver/bridge/kernels/kernel.hpp"
#include "solver/bridge/kernels/kernel_family.hpp"
#include "solver/bridge/kernels/sliced_propagator.hpp"
#include "solver/bridge/kernels/uniformisation.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

enum class PropagatorMethod { automatic, sliced, finite_volume };

struct PropagatorChoices {
  /// Automatic: sliced for one axis where the drift does not jump, and for gradients that the axes resolve, else finite
  /// volume.
  PropagatorMethod method = PropagatorMethod::automatic;
  double tolerance = 1e-8;  ///< of the propagation in time, relative
};

/// Densities on the grid, which say where a bridge counts.
struct BridgeEnds {
  std::span<const double> initial, final;  ///< the second may be empty: not known
};

/// What `automatic` takes between two times.
PropagatorMethod usual_propagator(const Process& process, const Grid& grid, const BridgeEnds& ends,
                                  double start, double stop);

/// Between any two of ascending `times`, whose first is that of the initial density. Throws UnfitProblem for
/// choices that do not fit.
std::unique_ptr<KernelFamily> propagator_kernels(const Process& process, const Grid& grid,
                                                 const BridgeEnds& ends, const std::vector<double>& times,
                                                 const PropagatorChoices& choices = {});

/// Bytes that such kernels take, before they are made.
std::size_t propagator_memory(const Grid& grid, const PropagatorChoices& choices = {});

/// A kernel by finite volumes. Values below 1e-300 of the largest are zero.
class VolumesKernel : public Kernel {
 public:
  VolumesKernel(const Grid& grid, std::shared_ptr<Uniformisation> volumes, double start, double stop);

  void apply(std::span<const double> log_chi, std::span<double> out) override;
  void apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) override;
  std::size_t memory() const override { return volumes_->memory() + work_.size() * sizeof(double); }

 private:
  double read(std::span<const double> logs);
  void write(double shift, std::span<double> out) const;

  std::shared_ptr<Uniformisation> volumes_;
  double start_, stop_;
  std::vector<double> work_;
};

}  // namespace umkehr
