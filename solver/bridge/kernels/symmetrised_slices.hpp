// SPDX-License-Identifier: GPL-3.0-or-later
// The propagator of a process whose drift is a gradient, F_k = -(D_k/2) d_k Phi, in one to three dimensions. With
//   G(y | x) = exp(-(Phi(y) - Phi(x))/2) K(y | x),  K the propagator of  -d/dt = -sum_k D_k/2 d_k^2 + W,
//   W = V + sum_k (F_k^2/(2 D_k) + d_k F_k / 2),
// nothing moves but by diffusion, and a slice of the path integral is a product of factors that are all positive,
//   K_h = exp(-W h/2) N_1 .. N_d exp(-W h/2),  N_k = N(x_k; y_k, D_k h), with its images in the walls,
// symmetric, so that its transpose is exact and its error even in h (Trotter; Strang, SIAM J. Numer. Anal. 5 (1968) 506).
// Sums over centres are exact to 1e-12 where N_k is wide against the cells; between two slices the axes may be finer.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "grids/dense/eigen.hpp"
#include "solver/bridge/kernels/kernel.hpp"
#include "solver/process/process.hpp"
#include "solver/process/quasi_potential.hpp"

namespace umkehr {

/// Phi/2 and W of a process.
class SymmetrisedProcess {
 public:
  /// Nothing where the drift is no smooth gradient, or where there are less than 8 points along an axis.
  static std::optional<SymmetrisedProcess> of(const Process& process, const Grid& grid);

  std::vector<double> half_phi(const Points& x) const;
  void well(const Points& x, double t, std::span<double> out) const;
  double diffusion(std::size_t axis, double t) const { return process_.diffusion[axis](t); }
  bool depends_on_time() const { return process_.depends_on_time(); }
  /// Axes with reflecting walls through which there is a drift: there the flux of P vanishes, and not the slope of K.
  std::vector<std::size_t> open_axes(const Grid& grid) const;

 private:
  SymmetrisedProcess(const Process& process, QuasiPotential phi);

  Process process_;
  QuasiPotential phi_;
  Coefficient divergence_;
};

class SymmetrisedSlices : public Kernel {
 public:
  /// Axes between slices are `refinement` times finer, an odd number.
  SymmetrisedSlices(std::shared_ptr<const SymmetrisedProcess> process, const Grid& grid,
                    std::size_t refinement, double start, double stop, std::size_t slices);

  /// Of equal length that the finer axes resolve.
  static double max_slices(const SymmetrisedProcess& process, const Grid& grid, std::size_t refinement,
                           double start, double stop);

  void apply(std::span<const double> log_chi, std::span<double> out) override;
  void apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) override;
  std::size_t memory() const override { return (6 * size() + 4 * fine_.size()) * sizeof(double); }

 private:
  enum class Way { to_start, to_stop };
  void act(Way way, std::span<const double> in, std::span<double> out);
  double middle(std::size_t slice) const { return start_ + (static_cast<double>(slice) + 0.5) * length_; }
  void kill(const Points& centres, std::size_t slice, std::size_t other, std::vector<double>& values);
  void spread(const Grid& from, const Grid& to, double t, std::vector<double>& values);

  std::shared_ptr<const SymmetrisedProcess> process_;
  Grid fine_;
  double start_, length_;
  std::size_t slices_;
  Points centres_, fine_centres_;
  std::vector<double> half_phi_;
  /// What does not depend on time, kept: matrices by axis, from coarse or fine to coarse or fine; exp(-W h).
  struct Kept {
    std::vector<Eigen::MatrixXd> matrices;
    std::vector<double> factors;
  };
  Kept kept_[2][2];
};

}  // namespace umkehr
