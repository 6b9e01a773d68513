// SPDX-License-Identifier: GPL-3.0-or-later
// The pseudo-spectral Fourier method (see fourier_generator.hpp), moved in time by the integrating-factor scheme of
// order 5 (lawson.hpp) or, behind the same interface, by Boost.Odeint as a method of lines.
//
// On a non-periodic axis it solves the problem on the line: a density that has decayed at the walls does not know that
// the axis is bent into a circle there, though the drift may jump. What a density brings to a wall is reported.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "solver/fourier/fourier_generator.hpp"
#include "solver/fourier/fourier_value.hpp"
#include "solver/stepping/discretisation.hpp"
#include "solver/stepping/lawson.hpp"

namespace umkehr {

class Fourier : public Discretisation {
 public:
  /// Throws UnfitProblem unless process and grid have the same dimension.
  Fourier(const Process& process, const Grid& grid);

  std::size_t size() const override { return generator_->size(); }
  /// Exact coefficients of Gaussian mixtures, point masses included, and of formulas in pieces; other laws are taken at the
  /// centres.
  std::vector<double> state_of(const Law& law) const override;
  std::vector<double> sampled_state_of(const Law& law) const override;
  void density(std::span<const double> state, std::span<double> out) const override;
  void score(std::span<const double> state, std::size_t axis, std::span<double> out) const override;
  double mass(std::span<const double> state) const override;
  double lost(std::span<const double> state) const override;
  double pairing(std::span<const double> density_state, std::span<const double> value_state) const override;
  std::vector<double> value_state_of(const Coefficient& terminal, double stop) const override;
  void value(std::span<const double> state, std::span<double> out) const override;

  double advance(std::span<double> state, const Step& step, Direction direction, bool with_error) override;
  int error_order() const override { return DormandPrince::order; }
  std::size_t memory() const override;
  std::vector<std::string> warnings(std::span<const double> state, double t) const override;
  std::vector<std::string> value_warnings(std::span<const double> state, double t) const override;

 protected:
  FourierGenerator& generator() const { return *generator_; }

 private:
  std::unique_ptr<FourierGenerator>
      generator_;  // work space, so that reading a state leaves this object constant
  std::unique_ptr<Lawson<FourierGenerator>> lawson_;
  std::unique_ptr<FourierValue> values_;
  std::vector<double> error_;
};

}  // namespace umkehr
