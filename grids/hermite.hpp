// SPDX-License-Identifier: GPL-3.0-or-later
// Orthonormal Hermite polynomials psi_n(z) = He_n(z)/sqrt(n!), z = (x - centre)/scale, under the Gaussian weight
// w = N(centre, scale^2):  <w psi_m, psi_n> = delta_mn,
//   sqrt(n + 1) psi_{n+1} = z psi_n - sqrt(n) psi_{n-1},  psi_n' = sqrt(n) psi_{n-1}/scale,
//   (w psi_n)' = -sqrt(n + 1) w psi_{n+1}/scale.
// Densities are expanded in w psi_n and values in psi_n. See Abramowitz & Stegun, chapter 22; quadrature by
// Golub & Welsch, Math. Comp. 23 (1969) 221, with nodes polished by Newton's method.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "grids/dense/eigen.hpp"

namespace umkehr {

/// The first `modes` Hermite polynomials of one axis.
struct HermiteBasis {
  double centre = 0;
  double scale = 1;
  std::size_t modes = 1;

  bool operator==(const HermiteBasis&) const = default;
  double scaled(double x) const { return (x - centre) / scale; }
  /// w psi_n at points of the line, (points, modes).
  Eigen::MatrixXd densities(std::span<const double> x) const;
  /// psi_n exp(-z^2/4) at points of the line, (points, modes): bounded, and all of one size.
  Eigen::MatrixXd functions(std::span<const double> x) const;
};

/// out[n] = psi_n(z) exp(log_factor) for n < out.size(), without overflow or underflow on the way.
void scaled_hermite(double z, double log_factor, std::span<double> out);

/// Gauss-Hermite quadrature for a basis: with r_i(n) = sqrt(weight_i) psi_n(z_i) in `values`,
/// <w psi_m, f psi_n> = sum_i r_i(m) f(x_i) r_i(n), exactly for polynomials f of degree <= 2 (count - modes) + 1.
struct HermiteQuadrature {
  HermiteQuadrature(const HermiteBasis& basis, std::size_t count);

  std::vector<double> nodes;  ///< x_i, ascending
  Eigen::MatrixXd values;     ///< (count, modes)
};

/// Zeros of He_count, ascending.
std::vector<double> hermite_zeros(std::size_t count);

}  // namespace umkehr
