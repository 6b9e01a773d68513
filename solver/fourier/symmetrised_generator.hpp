// SPDX-License-Identifier: GPL-3.0-or-later
// Where F/D = -Phi'/2 does not depend on time, P = exp(-Phi/2) psi makes the generator symmetric: with tau = int D,
//   d psi/d tau = -H psi,  H = -1/2 d^2 + g^2/2 + g'/2 + V/D,  g = F/D.
// H is not another L, but its similarity transform: minus the generator, in the sinc functions of cardinal_generator.hpp, of
// noise alone killed at the rate g^2/2 + g'/2 + V/D. Exact but for what psi has beyond the grid and above the highest
// wavenumber pi/h (Stenger, SIAM Rev. 23 (1981) 165).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "grids/dense/eigen.hpp"
#include "grids/grid.hpp"
#include "solver/generator/cardinal_generator.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// Models Generator, of psi in t: -D(t) H.
class SymmetrisedGenerator {
 public:
  /// Throws UnfitProblem, with the reason, for a process or a grid that does not fit.
  SymmetrisedGenerator(const Process& process, const Grid& grid);

  const Axis& axis() const { return axis_; }
  /// Centres [first, first + size) are kept: beyond them Phi/2 exceeds its least value by more than 36 and psi has
  /// fallen below roundoff.
  std::size_t first() const { return first_; }
  std::size_t size() const { return static_cast<std::size_t>(half_phi_.size()); }

  /// (Phi - min Phi) / 2 at the kept centres.
  const Eigen::VectorXd& half_phi() const { return half_phi_; }
  /// V/D at the kept centres; empty without killing.
  const Eigen::VectorXd& killing() const { return killing_; }
  bool is_killed() const { return killing_.size() > 0; }
  /// g = F/D at all centres.
  const std::vector<double>& force() const { return force_; }

  /// H at the kept centres.
  Eigen::MatrixXd matrix() const;
  /// -D(t) H psi, which is its own transpose.
  void apply(double t, std::span<const double> psi, std::span<double> out);
  void apply_adjoint(double t, std::span<const double> psi, std::span<double> out) { apply(t, psi, out); }
  /// d psi at the kept centres.
  Eigen::VectorXd derivative(const Eigen::VectorXd& psi) const;
  /// int_s^t D.
  double clock(double s, double t) const;

 private:
  void keep_where_it_matters(const std::vector<double>& phi);
  CardinalGenerator in_the_well() const;

  Axis axis_;
  Coefficient diffusion_;
  std::size_t first_ = 0;
  Eigen::VectorXd half_phi_, killing_, well_;
  std::vector<double> force_;
  std::optional<CardinalGenerator> in_the_well_;  // made for `apply`: it holds dense matrices
};

}  // namespace umkehr
