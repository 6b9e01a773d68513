// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels of any process, by propagation in time (2.33), in one to three dimensions:
//   sliced        one axis: a matrix of path integrals extrapolated to infinitely many slices (sliced_propagator.hpp),
//                 relatively accurate in the tails; walls are those of the axis.
//   finite_volume steps of order 2 in space; positive but for the extrapolation in time; walls are those of the axes.
// The steps are chosen once, for the initial marginal, and then taken by every other density and, transposed, by values.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "solver/bridge/kernel.hpp"
#include "solver/bridge/kernel_family.hpp"
#include "solver/bridge/recorded_steps.hpp"
#include "solver/bridge/sliced_propagator.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

enum class PropagatorMethod { automatic, sliced, finite_volume };

struct PropagatorChoices {
  /// Automatic: sliced for one axis, else finite volume.
  PropagatorMethod method = PropagatorMethod::automatic;
  double tolerance = 1e-8;  ///< of the propagation in time, relative
};

/// Between any two of ascending `times`, whose first is that of `initial`, a density on the grid. Throws
/// std::invalid_argument for choices that do not fit, StepFailure where no step is short enough.
std::unique_ptr<KernelFamily> propagator_kernels(const Process& process, const Grid& grid,
                                                 std::span<const double> initial,
                                                 const std::vector<double>& times,
                                                 const PropagatorChoices& choices = {});

/// Bytes that such kernels take, before they are made.
std::size_t propagator_memory(const Grid& grid, const PropagatorChoices& choices = {});

/// A kernel by recorded steps. Values below 1e-14 of the largest are noise: they are lifted to that level, and reported if
/// a marginal lies there.
class StepsKernel : public Kernel {
 public:
  StepsKernel(const Grid& grid, std::shared_ptr<RecordedSteps> steps, double start, double stop);

  void apply(std::span<const double> log_chi, std::span<double> out) override;
  void apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) override;
  void sweep(std::span<const double> log_initial, std::span<const double> log_chi_final,
             std::span<double> log_chi_initial, std::span<double> log_chi_hat_final) override;
  std::size_t memory() const override { return steps_->memory() + work_.size() * sizeof(double); }
  std::vector<std::string> warnings() const override;

 private:
  double read(std::span<const double> logs);
  double write(double shift, std::span<double> out) const;

  std::shared_ptr<RecordedSteps> steps_;
  double start_, stop_;
  std::vector<double> work_;
  double initial_below_ = 0,
         final_below_ = 0;  ///< shares of the marginals where values are noise, in the last sweep
};

}  // namespace umkehr
