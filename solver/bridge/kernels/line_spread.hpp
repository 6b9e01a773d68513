// SPDX-License-Identifier: GPL-3.0-or-later
// C f(x) = E[f(x + sigma Z)], Z ~ N(0, 1), on logarithms along one axis, for sigma of a few cells or less: Gauss-Hermite
// quadrature about the peak of the integrand, ln f by polynomials through the 8 nearest centres, mirrored at reflecting walls
// (through fewer where that gives a kink), wrapped around periodic ones; at absorbing ones f is odd, and the logarithm that
// is interpolated is that of f over sin(pi (x - from)/length).
#pragma once

#include <span>
#include <vector>

#include "grids/axis.hpp"
#include "solver/bridge/sums/line_interpolation.hpp"

namespace umkehr {

/// ln |f| between and beyond the centres; `sign` is that of f. Places are in cells from the first centre.
class LineInterpolation {
 public:
  LineInterpolation(const Axis& axis, const std::vector<double>& f);
  /// At the centres, without the sine that vanishes at absorbing walls.
  std::span<const double> smooth() const {
    return std::span(around_).subspan(interpolated_from, around_.size() - 2 * interpolated_from);
  }
  double at(double place, double& sign) const;
  double at_stencil(const LineStencil& stencil, std::size_t shift, double place, double& sign) const;

 private:
  double log_distance(double place) const;
  double inside(double place) const;
  double narrower(double place, double half) const;

  Boundary boundary_;
  double points_;
  bool is_periodic_, bends_below_, bends_above_;
  std::vector<double>
      around_;  // without the sine that vanishes at absorbing walls, and with what continues it
};

class LineSpread {
 public:
  /// Throws UnfitProblem for less than 8 points.
  LineSpread(const Axis& axis, double variance);
  void operator()(std::vector<double>& f) const;

 private:
  /// Of an integrand under a Gaussian, in cells.
  struct Peak {
    double place, width;
    bool is_plain;  ///< nodes about the centre serve
  };
  Peak peak_of(std::span<const double> f, std::size_t centre) const;

  Axis axis_;
  double deviation_;  // cells
  NormalNodes nodes_;
  std::vector<LineStencil> stencils_;
};

}  // namespace umkehr
