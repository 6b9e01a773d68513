// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions along one axis that know its walls: values at the cell centres go on beyond a wall evenly (reflecting:
// cosine transform), oddly (absorbing: sine transform) or around (periodic), and the convolution multiplies their
// coefficients by an even function of the wavenumber. Every such operator is a symmetric matrix. Transforms: FFTW's
// REDFT10/01, RODFT10/01 and R2HC/HC2R, whose extensions are about the walls, half a cell beyond the outer centres.
#pragma once

#include <fftw3.h>

#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "grids/grid.hpp"

namespace umkehr {

class WallTransform {
 public:
  WallTransform(const Grid& grid, std::size_t axis);

  /// kappa of each coefficient along the axis, in their order; at most pi / spacing.
  const std::vector<double>& wavenumbers() const { return wavenumbers_; }
  /// Every line along the axis: transformed, multiplied coefficient by coefficient, transformed back.
  void multiply(std::span<double> values, std::span<const double> multiplier) const;
  /// Largest |coefficient| of each wavenumber over all lines, in the order of `wavenumbers`.
  std::vector<double> spectrum(std::span<const double> values) const;

 private:
  struct Destroy {
    void operator()(fftw_plan plan) const;
  };
  using Plan = std::unique_ptr<std::remove_pointer_t<fftw_plan>, Destroy>;
  void gather(const double* values, std::size_t block, double* lines) const;
  void scatter(const double* lines, std::size_t block, double* values) const;
  std::size_t lines_in(std::size_t block) const;
  std::size_t place(std::size_t line) const { return line / inner_ * n_ * inner_ + line % inner_; }

  std::size_t n_, inner_, lines_, blocks_;
  double scale_;  // what a transform and back multiply by
  Plan forward_, inverse_;
  std::vector<double> wavenumbers_;
};

}  // namespace umkehr
