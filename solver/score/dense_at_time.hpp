// SPDX-License-Identifier: GPL-3.0-or-later
// The law of a forward run at one of many times, between its centres: P and J_k = d_k P, interpolated along
// the axes with order 16, which are as smooth as the run itself; their quotient is not. Where P sinks into
// rounding errors the score passes over to that of the widest law with the same mean and covariance C that
// the drift knows,
//   S_ref = -C^-1 (x - m) + (2/D)(F - E F - E[F (x - m)^T] C^-1 (x - m)),  S = (P J + theta^2 S_ref)/(P^2 + theta^2),
// so that a reversal keeps the drift's own confinement in the far tails.
// For finite volumes S is the difference of ln P along the edge between two cells that holds x.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "grids/dense/eigen.hpp"
#include "grids/grid.hpp"
#include "solver/law/law_path.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

class DenseAtTime : public LawAtTime {
 public:
  /// P and d_k P at the centres of the grid at t; without the latter the score is that of finite volumes. P
  /// is noise below `known_to`, theta, of its maximum.
  DenseAtTime(const Process& process, const Grid& grid, double t, std::vector<double> density,
              Components slope, double known_to);

  std::vector<double> mean(std::size_t count, const PointFunctions& f) const override;
  void log_density(const Points& x, std::span<double> out) const override;
  void score(const Points& x, Components& out) const override;
  /// Throws UnfitProblem for finite volumes, and for a drift that is no formula.
  void score_and_divergence(const Points& x, std::span<const double> factor, Components& out,
                            std::span<double> divergence) const override;

 private:
  void take_tail();
  double tail_score(std::span<const double> x, std::size_t axis, double drift) const;
  double tail_slope(std::size_t axis, double drift_slope) const;
  double edge_score(std::span<const double> x, std::size_t axis, std::ptrdiff_t along, double drift) const;
  double finite_volume_score(std::span<const double> x, std::size_t axis, double drift) const;

  Process process_;
  Grid grid_;
  double time_;
  std::vector<double> density_;
  Components slope_;
  double threshold_;                          // theta
  Eigen::VectorXd mean_, drift_, diffusion_;  // m, E F, D
  Eigen::MatrixXd pull_;                      // C^-1 + (2/D) E[F (x - m)^T] C^-1
};

}  // namespace umkehr
