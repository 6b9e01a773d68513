// SPDX-License-Identifier: GPL-3.0-or-later
// Processes whose transition laws are Gaussian: drift A(s) x + b(s), noise D(s) an axis, killing of at most second
// degree V = x.Q(s)x/2 + q(s).x + v(s). A Gaussian with weight w, mean m and covariance C then obeys
//   dm/ds = A m + b - C (Q m + q),  dC/ds = A C + C A^T + diag D - C Q C,
//   d ln w/ds = -(tr(Q C)/2 + m.Q m/2 + q.m + v),
// which replaces (2.35), right only for constant D/beta; with D = beta it is (4.14). What starts as a sum of Gaussians stays
// the sum of what becomes of each (2.5).
#pragma once

#include <optional>
#include <vector>

#include "grids/dense/eigen.hpp"
#include "solver/law/gaussian_mixture.hpp"
#include "solver/law/gaussian_transport.hpp"
#include "solver/process/process.hpp"
#include "solver/process/time_jumps.hpp"

namespace umkehr {

class AffineProcess {
 public:
  /// The affine form of a process, found by exact derivatives of its formulas; nothing if it has none.
  static std::optional<AffineProcess> of(const Process& process);

  std::size_t dimension() const { return offset_.size(); }
  Eigen::MatrixXd slope(double s) const;                       ///< A, (d, d)
  Eigen::VectorXd offset(double s) const;                      ///< b, (d)
  Eigen::VectorXd diffusion(double s) const;                   ///< D, (d)
  Eigen::MatrixXd killing_curvature(double s) const;           ///< Q, (d, d)
  Eigen::VectorXd killing_slope(double s) const;               ///< q, (d)
  double killing_rate(double s) const { return killing_(s); }  ///< v
  bool is_killed() const;
  bool depends_on_time() const;
  /// Where coefficients change their branch in between.
  std::vector<TimeJump> jumps(double start, double stop) const {
    return time_jumps(conditions_, start, stop);
  }

  /// The law at `stop` of a mixture at `start`, to about 1e-13. Throws UnfitProblem where it ceases to exist
  /// (negative killing can make the mass infinite in finite time) and where a coefficient is not finite.
  GaussianMixture push(const GaussianMixture& initial, double start, double stop) const;
  /// The transition law K(., stop | point, start) (2.30, 2.33).
  GaussianMixture transition(const Eigen::VectorXd& point, double start, double stop) const;
  /// What becomes of every Gaussian, in the log domain: weights neither underflow nor overflow. Throws as `push` does
  /// where the mass of a point ceases to be finite.
  GaussianTransport transport(double start, double stop) const;

 private:
  /// A coefficient at the origin, as a function of time.
  class AtOrigin {
   public:
    AtOrigin(Coefficient coefficient, std::size_t dimension)
        : coefficient_(std::move(coefficient)),
          origin_(dimension),
          constant_(coefficient_.constant_value()) {}
    double operator()(double s) const { return constant_ ? *constant_ : coefficient_(origin_, s); }
    bool is_zero() const { return constant_ == 0.0; }
    bool depends_on_time() const { return !constant_ && coefficient_.depends_on_time(); }

   private:
    Coefficient coefficient_;
    std::vector<double> origin_;
    std::optional<double> constant_;
  };
  using Row = std::vector<AtOrigin>;

  AffineProcess(Row offset, std::vector<Row> slope, Row diffusion, std::vector<Row> curvature,
                Row killing_slope, AtOrigin killing, std::vector<Formula> conditions)
      : offset_(std::move(offset)),
        slope_(std::move(slope)),
        diffusion_(std::move(diffusion)),
        curvature_(std::move(curvature)),
        killing_slope_(std::move(killing_slope)),
        killing_(std::move(killing)),
        conditions_(std::move(conditions)) {}

  Row offset_;
  std::vector<Row> slope_;
  Row diffusion_;
  std::vector<Row> curvature_;
  Row killing_slope_;
  AtOrigin killing_;
  std::vector<Formula> conditions_;
};

}  // namespace umkehr
