// SPDX-License-Identifier: GPL-3.0-or-later
// The Hermite method: on the whole line, P = sum_n c_n w psi_n and J = sum_n a_n psi_n (grids/hermite.hpp), so that
// <P, J> = sum_n c_n a_n, with as many modes along an axis as it has points; walls play no part. The scheme in time
// follows from the process: closed form if it is affine, exponentials if its axes are apart, else Runge-Kutta.
#pragma once

#include <memory>
#include <vector>

#include "grids/hermite.hpp"
#include "solver/process/process.hpp"
#include "solver/propagator/discretisation.hpp"
#include "solver/propagator/hermite_steps.hpp"

namespace umkehr {

/// Centres and scales of the bases, one an axis.
struct HermiteChoice {
  std::vector<double> centre, scale;
};

/// A state holds the coefficients in C order and, last, the mass that was killed.
class Hermite : public Discretisation {
 public:
  /// Throws std::invalid_argument for periodic axes, and for a centre or scale that is not finite or not positive.
  Hermite(const Process& process, const Grid& grid, const HermiteChoice& choice);

  const std::vector<HermiteBasis>& bases() const { return bases_; }

  std::size_t size() const override { return modes_ + 1; }
  std::vector<double> state_of(const Law& law) const override;
  void density(std::span<const double> state, std::span<double> out) const override;
  /// Where the density is below its own rounding errors, so is what this returns.
  void score(std::span<const double> state, std::size_t axis, std::span<double> out) const override;
  double mass(std::span<const double> state) const override { return state.front(); }
  double lost(std::span<const double> state) const override { return state.back(); }
  double pairing(std::span<const double> density_state, std::span<const double> value_state) const override;
  void forward(std::span<double> state, const Step& step) override;
  void backward(std::span<double> state, const Step& step) override;
  double forward_with_error(std::span<double> state, const Step& step) override;
  double backward_with_error(std::span<double> state, const Step& step) override;
  int error_order() const override { return steps_->error_order(); }
  bool acceptable(std::span<const double> state) const override;
  std::size_t memory() const override;
  std::vector<std::string> warnings(std::span<const double> state, double t) const override;

  /// The largest of the last coefficients along an axis, relative to the largest of all: what the basis misses.
  double tail(std::span<const double> state, std::size_t axis) const;

 private:
  Grid grid_;
  bool is_killed_;
  std::size_t modes_ = 1;
  std::vector<HermiteBasis> bases_;
  std::vector<Eigen::MatrixXd> densities_;    // w psi_n at the centres
  std::vector<Eigen::MatrixXd> derivatives_;  // (w psi_n)' there
  std::unique_ptr<HermiteSteps> steps_;
};

/// The scheme for a process.
std::unique_ptr<HermiteSteps> hermite_steps(const Process& process, const std::vector<HermiteBasis>& bases);

}  // namespace umkehr
