// SPDX-License-Identifier: GPL-3.0-or-later
// Where the drift takes each centre of a grid within one slice of time:
//   order 1:  y = x + F(x, t) h                                      (2.17)
//   order 2:  y = x(h),  dx/ds = F(x, t), t the middle of the slice, by Dormand and Prince's fifth order.
// Beyond a wall that is not periodic the drift is that at the wall.
#pragma once

#include <memory>
#include <vector>

#include "grids/interpolation/spline.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

class DriftPush {
 public:
  DriftPush(const Process& process, const Grid& grid, const SplineGrid& spline, int order);

  /// Whether it moves anything.
  bool acts() const { return acts_; }
  /// Places of the pushed centres (SplineGrid::place); valid until the third call with other arguments. A drift that does
  /// not depend on time is followed once for each of the last few lengths h.
  const Points& to(double t, double h);
  /// Whether drift crosses a wall of an axis at time t (never a periodic one).
  bool crosses_walls(std::size_t axis, double t) const;
  /// Smallest 1 + h d_k F_k at time t where `weight` exceeds `populated`: below zero trajectories of order 1 cross.
  double min_stretch(double t, double h, std::span<const double> weight, double populated) const;
  std::size_t memory() const;

 private:
  struct Pushed {
    double time, length;
    Points places;
  };
  void drift(const Points& x, double t, std::vector<std::vector<double>>& out) const;
  double steepness(const std::vector<std::vector<double>>& drift) const;
  Points follow(double t, double h) const;

  std::vector<Coefficient> drift_;
  Grid grid_;
  const SplineGrid& spline_;
  Points centres_;
  int order_;
  bool acts_, is_static_ = true;
  std::vector<std::unique_ptr<Pushed>> kept_;
  std::size_t next_ = 0;
};

}  // namespace umkehr
