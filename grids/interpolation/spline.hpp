// SPDX-License-Identifier: GPL-3.0-or-later
// Cardinal B-splines of degree 7 between the centres of a grid: f(x) = sum_j c_j prod_k B(u_k - j_k), u the place of x
// in cells. Coefficients that make f pass through given values are these values divided, in Fourier space, by the symbol
// of B, axis by axis; a mode of wavenumber kappa is then off by about 2 (kappa h / 2 pi)^8. The weights at a point add
// up to one. Depositing mass at points is the exact transpose of interpolating there, so it conserves mass. Beyond a
// wall coefficients go on evenly, oddly or around, as in wall_transform.hpp. Unser, IEEE Signal Process. Mag. 16 (1999) 22.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "grids/grid.hpp"

namespace umkehr {

/// sum_j B(j) cos(j theta), theta = kappa h: from 1 at 0 down to 0.054 at pi.
double spline_symbol(double theta);
/// About how much a mode with that theta changes when it is interpolated half-way between centres.
double spline_error(double theta);

class SplineGrid {
 public:
  explicit SplineGrid(const Grid& grid);

  /// Turns coordinates along an axis into places, in cells from the first centre, folded into the box: mirrored at
  /// reflecting walls, wrapped around periodic ones. Not a number beyond an absorbing wall, where things are lost.
  void place(std::size_t axis, std::span<double> x) const;

  /// out[i] = f at `places` i; zero where a place is lost.
  void interpolate(std::span<const double> coefficients, const Points& places, std::span<double> out) const;
  /// The transpose: coefficients[j] = sum_i values[i] B(u_i - j).
  void deposit(std::span<const double> values, const Points& places, std::span<double> coefficients) const;

 private:
  /// Which coefficient, and with which sign, stands at each place of an axis with its margins.
  struct Margin {
    std::vector<std::size_t> index;
    std::vector<double> sign;
  };
  struct Stencil;
  template <class Use>
  void visit(const Points& places, std::size_t first, std::size_t last, const Use& use) const;
  /// Where a row of the padded array begins among the coefficients, and the sign that walls give it.
  struct Origin {
    std::size_t cell = 0;
    double sign = 1;
  };
  Origin origin(std::size_t first) const;
  double a_place() const;
  void pad(std::span<const double> coefficients, std::span<double> padded) const;
  void fold(std::span<const double> padded, std::span<double> coefficients) const;
  void deposit_rows(std::span<const double> values, const Points& places, std::size_t first, std::size_t last,
                    std::span<double> padded) const;

  Grid grid_;
  std::vector<Margin> margins_;
  std::vector<std::size_t> extent_, stride_;  // of the padded array
  std::size_t padded_size_ = 1;
};

}  // namespace umkehr
