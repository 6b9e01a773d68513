// SPDX-License-Identifier: GPL-3.0-or-later
// psi -> exp(-tau H) psi in one go (see symmetrised_generator.hpp): H is made tridiagonal once by Householder's
// reflections, each step is a rational function of that (rational_exponential.hpp). Exact in time to 1e-13, and its own
// transpose: values enter as phi = exp(-Phi/2) J, tapered to zero towards walls where it has not decayed, and lose to
// roundoff the digits that exp(Phi/2) takes.
#pragma once

#include <string>
#include <vector>

#include "grids/dense/dense_matrix.hpp"
#include "solver/fourier/rational_exponential.hpp"
#include "solver/fourier/symmetrised_generator.hpp"
#include "solver/stepping/discretisation.hpp"

namespace umkehr {

/// A state is sqrt(h) psi at the kept centres, then the mass killed so far.
class Symmetrised : public Discretisation {
 public:
  /// Throws UnfitProblem, with the reason, for a process or a grid that does not fit.
  Symmetrised(const Process& process, const Grid& grid);

  std::size_t size() const override { return generator_.size() + 1; }
  /// Throws UnfitProblem for a law so much wider than exp(-Phi/2) that exp(Phi/2) P loses more than 1e-9.
  std::vector<double> state_of(const Law& law) const override;
  void density(std::span<const double> state, std::span<double> out) const override;
  void score(std::span<const double> state, std::size_t axis, std::span<double> out) const override;
  double mass(std::span<const double> state) const override;
  double lost(std::span<const double> state) const override { return state.back(); }
  double pairing(std::span<const double> density_state, std::span<const double> value_state) const override;
  std::vector<double> value_state_of(const Coefficient& terminal, double stop) const override;
  /// Beyond the kept centres the nearest of them stands in.
  void value(std::span<const double> state, std::span<double> out) const override;

  double advance(std::span<double> state, const Step& step, Direction direction, bool with_error) override;
  int error_order() const override { return 1; }
  bool steps_are_exact() const override { return true; }
  std::size_t memory() const override;
  std::vector<std::string> warnings(std::span<const double> state, double t) const override;
  std::vector<std::string> value_warnings(std::span<const double> state, double t) const override;

 private:
  std::vector<double> log_density_of(const Law& law) const;
  double decay_needed(const Eigen::VectorXd& psi) const;
  void refuse_lost_middle(const Eigen::VectorXd& phi) const;
  void move_density(std::span<double> state, double tau) const;
  void move_value(std::span<double> state, double tau) const;
  Exponentials decay(double tau, const Eigen::VectorXd& rotated) const;

  Grid grid_;
  SymmetrisedGenerator generator_;
  Tridiagonalisation tridiagonal_;
  Eigen::VectorXd weight_;  // sqrt(h) exp(-Phi/2): its product with a state is the mass
};

}  // namespace umkehr
