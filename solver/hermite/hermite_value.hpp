// SPDX-License-Identifier: GPL-3.0-or-later
// J = sum_n a_n prod_k psi_{n_k}: the coefficients a_n = <w psi_n, J> of a value, by Gauss-Hermite quadrature, exact to
// rounding for polynomials of degree <= modes. Far from its centre psi_n grows like exp(z^2/4), and with it the rounding
// errors of coefficients that should be zero, so those are made zero.
#pragma once

#include <span>
#include <vector>

#include "grids/dense/eigen.hpp"
#include "grids/hermite.hpp"
#include "solver/process/coefficient.hpp"

namespace umkehr {

/// With `finer` times the usual number of nodes. Throws UnfitProblem where the value is not finite at one.
std::vector<double> hermite_value_coefficients(const Coefficient& value, double t,
                                               std::span<const HermiteBasis> bases, std::size_t finer = 1);

/// Sets coefficients to zero that are rounding errors of the others.
void drop_noise(std::span<double> coefficients);

/// psi_n at points of one of `dimension` axes, (points, modes), cut at 1e150^(1/dimension).
Eigen::MatrixXd hermite_polynomials(const HermiteBasis& basis, std::span<const double> x,
                                    std::size_t dimension);

}  // namespace umkehr
