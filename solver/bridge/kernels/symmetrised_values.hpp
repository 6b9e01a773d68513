// SPDX-License-Identifier: GPL-3.0-or-later
// chi and chi_hat of a process whose drift is a gradient over short times, by the slices of symmetrised_slices.hpp acting on
// logarithms, so that no slice is too short: along each axis by sums over centres where the slice is wide against the cells,
// else by Gauss-Hermite quadrature (line_spread.hpp). Few slices, twice and four times as many are extrapolated (Romberg):
// errors in time fall with h^6.
#pragma once

#include <memory>
#include <vector>

#include "solver/bridge/kernels/kernel.hpp"
#include "solver/bridge/kernels/symmetrised_slices.hpp"

namespace umkehr {

class SymmetrisedValues : public Kernel {
 public:
  /// Slices are `longest_slice` at most.
  SymmetrisedValues(std::shared_ptr<const SymmetrisedProcess> process, const Grid& grid, double start,
                    double stop, double longest_slice);

  void apply(std::span<const double> log_chi, std::span<double> out) override;
  void apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) override;
  std::size_t memory() const override { return 12 * size() * sizeof(double); }

 private:
  enum class Way { to_start, to_stop };
  void extrapolate(Way way, std::span<const double> in, std::span<double> out) const;
  std::vector<double> sliced(Way way, const std::vector<double>& in, std::size_t slices) const;

  std::shared_ptr<const SymmetrisedProcess> process_;
  double start_, stop_;
  std::size_t min_slices_;
  Points centres_;
  std::vector<double> half_phi_;
};

}  // namespace umkehr
