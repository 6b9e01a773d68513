// SPDX-License-Identifier: GPL-3.0-or-later
// The slowest modes of a process: -L phi = lambda phi, L = F.grad + sum_k D_k/2 d_k^2 - V (2.26, 2.28) at one time.
// Without killing lambda_0 = 0 and the others are relaxation rates; in a deep double well lambda_1 is twice Kramers'
// escape rate. Three discretisations:
//   fourier        where F_k/D_k = -d_k Phi/2, phi = exp(Phi/2) psi and
//                    H psi = lambda psi,  H = sum_k (-D_k/2 d_k^2 + F_k^2/(2 D_k) + d_k F_k/2) + V,
//                  symmetric, in the sinc basis (periodic axes: trigonometric); for other drifts -L itself in that basis;
//   hermite        -L in Hermite polynomials: no wall, any drift that is not far from confining;
//   finite-volume  the transpose of the forward stencil, order 2, with its walls.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "grids/grid.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

enum class SpectrumMethod { fourier, hermite, finite_volume };

struct SpectrumChoices {
  SpectrumMethod method = SpectrumMethod::fourier;
  std::size_t count = 6;
  std::vector<double> hermite_centre;  ///< one an axis; empty: the middle of the axis
  std::vector<double> hermite_scale;   ///< one an axis; empty: searched
};

struct Spectrum {
  std::vector<double> real,
      imaginary;  ///< of the eigenvalues, ascending by the real part; pairs are never cut in two
  /// At the centres of the grid, one field an eigenvalue, with the normalisation int |phi|^2 exp(-Phi) = int exp(-Phi)
  /// where there is a Phi, else with a mean square of one over the grid.
  std::vector<std::vector<double>> function, imaginary_function;
  bool is_symmetric = false;                          ///< all eigenvalues are real
  std::vector<double> hermite_centre, hermite_scale;  ///< as used
  std::vector<std::string> warnings;                  ///< each with a number and a remedy
};

/// The generator is that at time t. Throws std::invalid_argument where the method does not fit the problem, and
/// EigenFailure.
Spectrum solve_spectrum(const Process& process, const Grid& grid, double t,
                        const SpectrumChoices& choices = {});

/// Most unknowns of a dense matrix that a spectrum takes on: beyond, fewer points are the remedy.
constexpr std::size_t most_spectral_unknowns = 6000;

}  // namespace umkehr
