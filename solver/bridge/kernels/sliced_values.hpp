// SPDX-License-Identifier: GPL-3.0-or-later
// chi and chi_hat of any process on one axis over short times, by the slices of order 2 of the path integral (2.18, 2.32)
// acting on logarithms, so that tails keep their digits and no slice is too short:
//   chi <- exp(-V h/2) C_h [ (C_h exp(-V h/2) chi) o phi_h ],  C_h f(x) = E[f(x + (D h/2)^(1/2) Z)],
// phi_h the flow of the drift, coefficients taken at the slice's middle; chi_hat by the adjoint, with phi_h^-1 and its
// stretch; C_h as in line_spread.hpp.
// 1, 2, 4 and 8 slices are extrapolated (Romberg): errors in time fall with h^8.
#pragma once

#include <vector>

#include "grids/interpolation/spline.hpp"
#include "solver/bridge/kernels/kernel.hpp"
#include "solver/path_integral/drift_push.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

class SlicedValues : public Kernel {
 public:
  /// Throws UnfitProblem unless process and grid are of one dimension.
  SlicedValues(const Process& process, const Grid& grid, double start, double stop);

  void apply(std::span<const double> log_chi, std::span<double> out) override;
  void apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) override;
  std::size_t memory() const override { return 16 * size() * sizeof(double); }
  std::vector<std::string> warnings() const override;

 private:
  enum class Way { to_start, to_stop };
  void extrapolate(Way way, std::span<const double> in, std::span<double> out);
  std::vector<double> sliced(Way way, std::span<const double> in, std::size_t slices);
  void slice(Way way, std::vector<double>& f, double middle, double h);
  std::vector<double> stretches(std::span<const double> places) const;
  void push(Way way, std::vector<double>& f, double middle, double h);
  Process process_;
  double start_, stop_;
  std::vector<double> centres_;
  SplineGrid spline_;
  DriftPush push_;
  SplineGrid spline_within_;
  DriftPush push_back_;
  double error_ = 0;  // estimated, of the latest logarithms
};

}  // namespace umkehr
