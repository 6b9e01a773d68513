// SPDX-License-Identifier: GPL-3.0-or-later
// L^dagger P = -sum_k d_k (F_k P) + sum_k D_k/2 d_k^2 P - V P (2.6, 2.33a) on trigonometric polynomials, products taken at
// the centres (pseudo-spectral), split as the integrating-factor scheme wants it:
//   Lambda = -sum_k D_k/2 kappa_k^2 (diagonal),  N P = -sum_k i kappa_k (F_k P)^ - (V P)^,
//   N^T J = sum_k (F_k d_k J)^ - (V J)^.
// A state is the coefficients, real and imaginary parts in turn, scaled so that the Euclidean product of two states is
// int P J dx (Parseval), and then the mass killed so far.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "grids/fourier.hpp"
#include "grids/grid.hpp"
#include "solver/process/process.hpp"
#include "solver/process/sampled_coefficient.hpp"

namespace umkehr {

/// The grid as functions on it go on beyond its ends before a transform: evenly where an axis is not periodic.
Grid as_transformed(const Grid& grid);

/// Models LawsonSystem and Generator. Not for use by two threads at once.
class FourierGenerator {
 public:
  FourierGenerator(const Process& process, const Grid& grid);

  const Grid& grid() const { return grid_; }
  std::size_t size() const { return 2 * transform_.coefficients() + 1; }
  bool is_killed() const { return !killing_.is_zero(); }

  /// exp(int_s^t Lambda), element by element.
  void factor(double s, double t, std::span<double> out);
  /// N(t) P, and its transpose.
  void rest(double t, std::span<const double> in, std::span<double> out);
  void rest_adjoint(double t, std::span<const double> in, std::span<double> out);
  /// L(t) h, and L^dagger(t) P = (Lambda + N)(t) P.
  void apply(double t, std::span<const double> h, std::span<double> out);
  void apply_adjoint(double t, std::span<const double> density, std::span<double> out);

  /// A field at the centres as a state with nothing killed, and back.
  void to_state(std::span<const double> values, std::span<double> state);
  void to_values(std::span<const double> state, std::span<double> values);
  /// d_k of the field of a state, at the centres.
  void derivative(std::span<const double> state, std::size_t axis, std::span<double> values);

  /// kappa of one axis in the order of a state's entries along it.
  const std::vector<double>& axis_wavenumbers(std::size_t axis) const { return kappa_[axis]; }
  const FourierTransform& transform() const { return transform_; }
  /// What multiplies c_k in a state, along the last axis (twice each: real, imaginary).
  std::span<const double> scale() const { return scale_; }
  std::size_t memory() const;

 private:
  /// Position of a row of coefficients along axis k (any but the last).
  std::size_t index(std::size_t row, std::size_t axis) const;
  bool is_last(std::size_t axis) const { return axis + 1 == grid_.dimension(); }
  void unpack(std::span<const double> state);
  void unpack_derivative(std::span<const double> state, std::size_t axis);
  void add_divergence(std::size_t axis, std::span<double> out) const;
  void add_diffusion(double t, std::span<const double> in, std::span<double> out) const;

  Grid grid_;
  FourierTransform transform_;
  std::vector<Coefficient> diffusion_;
  std::vector<SampledCoefficient> drift_;
  SampledCoefficient killing_;
  std::vector<std::vector<double>> kappa_, half_square_;  // one an axis; the last axis with every entry twice
  std::vector<double> scale_, inverse_scale_;
  std::vector<std::vector<double>> damping_;
  RealArray field_, product_, sum_;
  ComplexArray coefficients_;
};

}  // namespace umkehr
