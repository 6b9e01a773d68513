// SPDX-License-Identifier: GPL-3.0-or-later
// What of an eigenvalue is settled: three resolutions held against each other, and what rounding leaves of it where the
// matrix is far from normal, eps ||A|| ||x|| ||y|| / |y^T x| with its right and left vectors (Bauer & Fike, Numer. Math. 2
// (1960) 137; Wilkinson, The Algebraic Eigenvalue Problem (1965), section 2.10).
#pragma once

#include <vector>

#include "grids/dense/eigen.hpp"
#include "solver/process/process.hpp"
#include "solver/spectrum/eigen/eigen_solver.hpp"

namespace umkehr {

/// Of each value its nearest among others, each of which is met once.
Eigen::VectorXcd matched(const Eigen::VectorXcd& values, const Eigen::VectorXcd& others);

/// How many functions or points n an axis three resolutions have, and how errors fall: from exp(-c n), 0, as Hermite's series
/// of smooth functions do, to exp(-c n^2), 1; trigonometric ones of what is Gaussian, or has poles, lie between.
struct Resolutions {
  double coarse, middle, fine, bend;
  bool is_smooth =
      true;  ///< else errors fall as powers only, and up and down with the places of jumps and kinks
};
constexpr double bend_of_waves = 0.75;

/// The error that is left after the change from coarse to middle and that from middle to fine: where they fall fast, as much
/// less than the last as the last stride, longer than the one before, gained.
double remaining_error(double before, double last, const Resolutions& resolutions);

/// ||x|| ||y|| / |y^T x| of the right vectors, y among the left ones of eigenvalues that are the same to 1e-6.
std::vector<double> conditions(const Eigenpairs& right, const Eigenpairs& left);

/// The largest |x y| of each right vector at chosen unknowns, of its largest anywhere: how much of the eigenvalue is made
/// there.
std::vector<double> shares(const Eigenpairs& right, const Eigenpairs& left, const std::vector<bool>& chosen);

}  // namespace umkehr
