// SPDX-License-Identifier: GPL-3.0-or-later
// exp(tau d^2/dx^2) along lines, on central differences of order 2 or 4, by the rational function of Radau IIA with three
// stages, L-stable and of order 5 (Hairer & Wanner, Solving Ordinary Differential Equations II, IV.5),
//   exp(z) ~ (1 + 2z/5 + z^2/20)/(1 - 3z/5 + 3z^2/20 - z^3/60) = sum_j c_j/(z - p_j),
// a banded solution for each pole. Beyond walls lines are continued with vanishing third differences, so parabolas
// move exactly as on the line.
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <vector>

#include "grids/machine/lanes.hpp"

namespace umkehr {

class LineDiffusion {
 public:
  /// `order` is 2 or 4.
  LineDiffusion(std::size_t points, double spacing, int order, bool periodic);

  /// Sets tau; needed before `apply`.
  void prepare(double tau);
  /// Moves a line of eight lanes by tau; `scratch` holds twice as many.
  void apply(Lanes* line, Lanes* scratch) const;

 private:
  using Complex = std::complex<double>;
  /// (z - p) in factors: a band of two entries on each side of the diagonal, and two bordering unknowns where periodic.
  struct Factors {
    Complex residue;
    std::vector<std::array<Complex, 2>> lower, upper;
    std::vector<Complex> inverse_diagonal;
    std::array<std::vector<Complex>, 2> border;   // B^-1 C
    std::array<std::array<Complex, 2>, 2> inner;  // (F - E B^-1 C)^-1
  };

  std::array<double, 5> row(std::size_t i) const;
  Factors factor(Complex pole, Complex residue) const;
  void solve_band(const Factors& factors, std::vector<Complex>& x) const;
  void accumulate(const Factors& factors, const Lanes* line, Lanes* re, Lanes* im) const;

  std::size_t points_, banded_;
  std::array<double, 5> stencil_;
  bool periodic_;
  double tau_ = 0;
  std::array<Factors, 2> factors_;
};

}  // namespace umkehr
