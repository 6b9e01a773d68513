// SPDX-License-Identifier: GPL-3.0-or-later
// -L in Hermite polynomials (hermite_generator.hpp), and the bases in which the slowest modes are short.
#pragma once

#include <array>
#include <vector>

#include "grids/hermite.hpp"
#include "solver/process/process.hpp"
#include "solver/spectrum/eigen/eigen_solver.hpp"
#include "solver/spectrum/resolution.hpp"

namespace umkehr {

struct HermiteModes {
  std::vector<HermiteBasis> bases;
  Eigenpairs pairs;                            ///< vectors of coefficients, in C order
  std::array<Eigen::VectorXcd, 2> with_fewer;  ///< eigenvalues with about 0.8 and 0.9 of the orders an axis
  Resolutions orders{};                        ///< of the first axis: with fewer, and all
  std::vector<double> condition;               ///< of each eigenvalue (resolution.hpp)
  double largest = 0;                          ///< entry of the matrix
};

/// In bases of the given centres and numbers of modes; scales that are 0 are searched, for the steadiest eigenvalues.
HermiteModes hermite_modes(const Process& process, double t, std::vector<HermiteBasis> bases,
                           std::size_t count, double shift);
/// phi at the points that are a product of the axes' coordinates, in C order.
std::vector<double> hermite_values(const std::vector<HermiteBasis>& bases,
                                   const Eigen::VectorXd& coefficients,
                                   const std::vector<std::vector<double>>& coordinates);

}  // namespace umkehr
