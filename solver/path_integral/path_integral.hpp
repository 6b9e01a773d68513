// SPDX-License-Identifier: GPL-3.0-or-later
// The sliced path integral (2.11, 2.18, 2.32): the short-time kernel composed as often as there are slices of time h,
// in one to three dimensions, as a push along the drift and a Gaussian convolution. A value J goes from the end of a
// slice to its beginning by
//   order 1:  J(y) <- exp(-V h) (G_h J)(y + F h),                          all at the slice's beginning: (2.32) itself;
//   order 2:  J(y) <- exp(-V h/2) G_{h/2} [ (G_{h/2} J)(phi_h(y)) ] exp(-V h/2),      all at its middle,
// G_h the convolution with the Gaussian of variance D h (2.12), phi_h the flow of the drift; a density takes the exact
// transposes in reverse order, so <P, J> is constant to roundoff. Values between centres are splines (spline.hpp), whose
// transpose deposits mass; convolutions are exact for what the grid resolves (wall_transform.hpp), however narrow.
//
// Slices of fixed length are these kernels and nothing else. Steps that adapt are taken in 1, 2 and 3 slices, which are
// weighted such that errors cancel up to order 3 (from order 1) or 5 (from order 2: its errors are even in h).
//
// Walls. Reflecting: trajectories are mirrored, exact where no drift crosses the wall. Absorbing: what is pushed beyond
// the wall is lost, and the convolution vanishes there; exact without drift, too. Where drift crosses a wall the halves of
// a slice do not commute with it, and either kernel is of order about 1 near it: a density that reaches such a wall takes
// many slices (finite volumes do not mind), and the adaptive steps of a value are not to judge by the wall's vicinity:
// their errors are weighed by sin^16 across such axes.
// A state is the values at the centres, then the mass that left through walls, then the mass that was killed.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "grids/interpolation/spline.hpp"
#include "grids/interpolation/wall_transform.hpp"
#include "solver/path_integral/drift_push.hpp"
#include "solver/process/process.hpp"
#include "solver/stepping/discretisation.hpp"
#include "solver/stepping/killing_step.hpp"

namespace umkehr {

class PathIntegral : public Discretisation {
 public:
  /// One slice a step; the usual scheme extrapolates from 1, 2 and 3.
  static const Scheme* const one_slice;

  /// Throws UnfitProblem unless `order` is 1 or 2 and process and grid have the same dimension.
  PathIntegral(const Process& process, const Grid& grid, int order);

  std::size_t size() const override { return grid_.size() + 2; }
  /// Values at the centres. A point mass is the state whose pairing with a value is that value's spline at the point,
  /// and a Gaussian along the axes that is narrower than two cells is such a point after a convolution. A formula in
  /// pieces is many such points.
  std::vector<double> state_of(const Law& law) const override;
  std::vector<double> sampled_state_of(const Law& law) const override;
  void density(std::span<const double> state, std::span<double> out) const override;
  /// Differences of order 8 of ln P.
  void score(std::span<const double> state, std::size_t axis, std::span<double> out) const override;
  double mass(std::span<const double> state) const override;
  double lost(std::span<const double> state) const override;
  /// sum of h^d P J over the centres.
  double pairing(std::span<const double> density_state, std::span<const double> value_state) const override;
  std::vector<double> value_state_of(const Coefficient& terminal, double stop) const override;
  void value(std::span<const double> state, std::span<double> out) const override;

  double advance(std::span<double> state, const Step& step, Direction direction, bool with_error) override;
  int error_order() const override { return order_ == 1 ? 3 : 5; }
  std::size_t memory() const override;
  std::vector<std::string> warnings(std::span<const double> state, double t) const override;

 private:
  /// What an axis' wavenumbers are multiplied by.
  struct Multipliers {
    double variance;
    std::vector<double> smoothing, smoothing_and_spline;
  };
  std::span<double> values(std::span<double> state) const { return state.first(grid_.size()); }
  std::span<const double> values(std::span<const double> state) const { return state.first(grid_.size()); }
  void make_multipliers(std::size_t axis, double variance);
  void smooth(std::span<double> values, bool into_spline) const;
  void push(std::span<double> values, bool forward, double t, double h);
  void slice(std::span<double> state, double start, double length, bool forward);
  void chain(std::span<double> state, const Step& step, int slices, bool forward);
  void weigh_walls(double t);
  void count_step(double t);
  double relative_error(std::span<const double> state, std::span<double> difference, bool forward) const;
  void add_narrow(const Gaussian& gaussian, std::span<double> values) const;
  bool is_narrow(const Gaussian& gaussian) const;
  double density_at_walls(std::span<const double> state, std::size_t axis) const;
  double spline_misfit(std::span<const double> state, std::size_t axis) const;

  Grid grid_;
  int order_;
  Process process_;
  SplineGrid spline_;
  std::vector<WallTransform> transforms_;
  std::vector<Multipliers> multipliers_;
  KillingStep killing_;
  DriftPush push_;
  bool loses_;  // through absorbing walls
  double last_slice_ = 0;
  std::array<std::vector<double>, 3> chains_;
  std::vector<double> work_, wall_weights_;
  std::vector<bool> crossed_;
  std::size_t steps_ = 0;  // adaptive ones
};

}  // namespace umkehr
