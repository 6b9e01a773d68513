// SPDX-License-Identifier: GPL-3.0-or-later
// The steps that a density took in time by finite volumes, to be taken again by other densities and, transposed, by values: one linear map
// on the values at the centres between each two of some times, and its exact transpose.
#pragma once

#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "solver/process/process.hpp"
#include "solver/propagator/finite_volume.hpp"
#include "solver/propagator/march.hpp"

namespace umkehr {

class RecordedSteps {
 public:
  /// Marches `initial` adaptively through ascending `times`.
  RecordedSteps(const Process& process, const Grid& grid, std::span<const double> initial,
                const std::vector<double>& times, double tolerance);

  /// In place, between two of the times.
  void forward(std::span<double> values, double start, double stop);
  void backward(std::span<double> values, double start, double stop);
  std::size_t count() const { return steps_.size(); }
  std::size_t memory() const;

 private:
  std::span<const Step> between(double start, double stop) const;
  template <class Take>
  void act(std::span<double> values, const Take& take);

  void to_state(std::span<const double> values);

  FiniteVolume volumes_;
  std::vector<Step> steps_;
  std::vector<double> state_;
};

}  // namespace umkehr
