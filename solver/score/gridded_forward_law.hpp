// SPDX-License-Identifier: GPL-3.0-or-later
// The law of a forward run between its times and its centres. P and J_k = d_k P are kept at times that are refined until
// each is what Lagrange's polynomial of order 8 through its neighbours says, and interpolated along the axes with order
// 16: both are as smooth as the run itself, their quotient is not. Where P sinks into rounding errors the score passes
// over to that of the widest law with the same mean and covariance C that the drift knows,
//   S_ref = -C^-1 (x - m) + (2/D)(F - E F - E[F (x - m)^T] C^-1 (x - m)),  S = (P J + theta^2 S_ref)/(P^2 + theta^2),
// so that a reversal keeps the drift's own confinement in the far tails, theta a tenth of the tolerance, or 1e-11, times
// the largest P.
// For finite volumes S is the difference of ln P along the edge between two cells that holds x.
#pragma once

#include <vector>

#include "grids/dense/eigen.hpp"
#include "grids/grid.hpp"
#include "grids/history.hpp"
#include "solver/kolmogorov/choices.hpp"
#include "solver/law/law.hpp"
#include "solver/process/process.hpp"
#include "solver/score/forward_law.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {

class GriddedForwardLaw : public ForwardLaw {
 public:
  /// Runs forward from `initial` at `start` and keeps what lies between `first` and `stop`.
  GriddedForwardLaw(const Process& process, const Grid& grid, const Law& initial, double start, double first,
                    double stop, const KolmogorovChoices& choices, const Progress& progress = {});

  double log_density(std::span<const double> x, double t) const override;
  double score(std::span<const double> x, double t, std::size_t axis) const override;
  bool is_closed_form() const override { return false; }
  std::vector<std::string> warnings() const override { return warnings_; }

 private:
  struct Moment {
    std::vector<double> density;             ///< P at the centres
    std::vector<std::vector<double>> slope;  ///< d_k P
    double threshold = 0;                    ///< theta
    Eigen::VectorXd mean, drift, diffusion;  ///< m, E F, D
    Eigen::MatrixXd pull;                    ///< C^-1 + (2/D) E[F (x - m)^T] C^-1
    double time = 0;
  };
  Moment at(double t) const;
  void take_tail(Moment& moment) const;
  double tail_score(const Moment& moment, std::span<const double> x, std::size_t axis) const;
  double edge_score(const Moment& moment, std::span<const double> x, std::size_t axis,
                    std::ptrdiff_t along) const;
  double finite_volume_score(const Moment& moment, std::span<const double> x, std::size_t axis) const;

  Process process_;
  Grid grid_;
  Points centres_;
  bool has_edges_;
  double known_to_;  // relative to the largest P
  History density_;
  std::vector<History> slope_;
  std::vector<std::string> warnings_;
  LatestMoment<Moment> latest_;
};

}  // namespace umkehr
