// SPDX-License-Identifier: GPL-3.0-or-later
// The slowest modes of a process: -L phi = lambda phi, L = F.grad + sum_k D_k/2 d_k^2 - V (2.26, 2.28) at one time.
// Without killing lambda_0 = 0 and the others are relaxation rates; in a deep double well lambda_1 is twice Kramers'
// escape rate. With walls, d phi = 0 at reflecting ones and phi = 0 at absorbing ones:
//   finite-volume  on one axis, or several that do not act on each other, chains of cells, extrapolated, with every digit
//                  of rates however small; else the transpose of the forward stencil on three grids, extrapolated;
//   galerkin       polynomials between walls, trigonometric on circles, as many as it takes.
// On the line, whatever the walls:
//   fourier        where F_k/D_k = -d_k Phi/2, phi = exp(Phi/2) psi and
//                    H psi = lambda psi,  H = sum_k (-D_k/2 d_k^2 + F_k^2/(2 D_k) + d_k F_k/2) + V,
//                  symmetric, in the sinc basis (periodic axes: trigonometric); for other drifts -L itself in that basis;
//   hermite        -L in Hermite polynomials: any drift that is not far from confining.
// Each eigenvalue comes with an estimate of its error, from several resolutions and from rounding; one that is not settled
// is refused.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "grids/grid.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

enum class SpectrumMethod { fourier, hermite, finite_volume, galerkin };

/// Finite volumes for an axis between walls and for several that do not act on each other; on a circle fourier; else
/// galerkin.
SpectrumMethod usual_spectrum_method(const Process& process, const Grid& grid, double t);

struct SpectrumChoices {
  SpectrumMethod method = SpectrumMethod::finite_volume;
  std::size_t count = 6;
  std::vector<double> hermite_centre;  ///< one an axis; empty: the middle of the axis
  std::vector<double> hermite_scale;   ///< one an axis; empty: searched
};

struct Spectrum {
  std::vector<double> real,
      imaginary;              ///< of the eigenvalues, ascending by the real part; pairs are never cut in two
  std::vector<double> error;  ///< estimated, of each
  /// ||x|| ||y|| / |y^T x|, one where -L is symmetric; empty where that is known.
  std::vector<double> condition;
  /// At the centres of the grid, one field an eigenvalue, with the normalisation int |phi|^2 exp(-Phi) = int exp(-Phi)
  /// where there is a Phi, else with a mean square of one over the grid.
  std::vector<std::vector<double>> function, imaginary_function;
  bool is_symmetric = false;                          ///< all eigenvalues are real
  std::vector<double> hermite_centre, hermite_scale;  ///< as used
  std::vector<std::string> warnings;                  ///< each with a number and a remedy
};

/// The generator is that at time t. Throws UnfitProblem where the method does not fit the problem, and
/// EigenFailure, also for eigenvalues that are not settled to a thousandth.
Spectrum solve_spectrum(const Process& process, const Grid& grid, double t,
                        const SpectrumChoices& choices = {});

/// Most unknowns of a dense matrix that a spectrum takes on: beyond, fewer points are the remedy.
constexpr std::size_t max_spectral_unknowns = 6000;
/// That Galerkin's method goes up to.
constexpr std::size_t max_galerkin_unknowns = 4000;

}  // namespace umkehr
