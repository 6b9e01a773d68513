// SPDX-License-Identifier: GPL-3.0-or-later
// Trigonometric interpolation on a grid, every axis taken as periodic: for n values at the centres x_j of an axis of
// length L,
//   c_k = sum_j f(x_j) exp(-i kappa_k (x_j - x_0)),  kappa_k = 2 pi k / L,  f(x_j) = 1/n sum_k c_k exp(i kappa_k (x_j - x_0)).
// Real transforms by FFTW along the last axis, complex ones along the others. Lines are shared out between threads in
// blocks that do not depend on their number, so neither do the results.
#pragma once

#include <fftw3.h>

#include <complex>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "grids/grid.hpp"
#include "grids/machine/lane_buffer.hpp"

namespace umkehr {

using RealArray = AlignedArray<double>;
using ComplexArray = AlignedArray<std::complex<double>>;

/// FFTW's planner is not safe between threads; its execution is.
std::mutex& fftw_planner();

/// Transforms of the real fields of one grid. Safe to use from several threads at once.
class FourierTransform {
 public:
  explicit FourierTransform(const Grid& grid);

  /// Number of values.
  std::size_t size() const { return size_; }
  /// Number of complex coefficients: the last axis holds k = 0 .. n/2 only.
  std::size_t coefficients() const { return rows_ * row_; }
  /// Coefficients along the last axis.
  std::size_t row() const { return row_; }
  /// Product of the points of all other axes.
  std::size_t rows() const { return rows_; }

  /// c_k of a field, (rows, row) in C order.
  void forward(const RealArray& values, ComplexArray& coefficients) const;
  /// n_0 n_1 .. times the field; destroys the coefficients.
  void inverse(ComplexArray& coefficients, RealArray& values) const;

 private:
  struct Destroy {
    void operator()(fftw_plan plan) const;
  };
  using Plan = std::unique_ptr<std::remove_pointer_t<fftw_plan>, Destroy>;
  /// Transforms along one axis of an array (outer, n, inner): full blocks of lines, and the rest.
  struct Lines {
    std::size_t outer, n, inner, blocks;
    Plan forward, forward_rest, inverse, inverse_rest;
  };

  Lines plan_lines(std::size_t outer, std::size_t n, std::size_t inner) const;
  void plan_rows(std::size_t n);
  void transform_lines(const Lines& lines, ComplexArray& c, bool forward) const;

  std::size_t size_, row_, rows_, row_blocks_ = 0;
  Plan rows_forward_, rows_forward_rest_, rows_inverse_, rows_inverse_rest_;
  std::vector<Lines> lines_;  // along all axes but the last
};

/// kappa_k in the order of the coefficients of an axis with n points: all of them, or (the last axis) k = 0 .. n/2.
/// For even n the highest is its own mirror image: it is not differentiated, so that derivatives are antisymmetric.
std::vector<double> wavenumbers(const Axis& axis, bool last);
/// The same for second derivatives, the highest included.
std::vector<double> even_wavenumbers(const Axis& axis, bool last);

}  // namespace umkehr
