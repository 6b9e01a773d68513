// SPDX-License-Identifier: GPL-3.0-or-later
// What every method of spectrum.hpp is given, and what it gives back.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "solver/spectrum/resolution.hpp"
#include "solver/spectrum/spectrum.hpp"

namespace umkehr {

struct SpectrumProblem {
  const Process& process;
  const Grid& grid;
  double t;
  const SpectrumChoices& choices;

  Eigen::Index count() const { return static_cast<Eigen::Index>(choices.count); }
  /// Whether nothing is ever lost, so that 0 is an eigenvalue.
  bool is_conservative() const;
};

struct SolvedSpectrum {
  Spectrum spectrum;
  std::vector<double> rounding;  ///< of each eigenvalue, on any grid
  std::vector<double> cut;       ///< of its error, by walls where the method has none; empty: it keeps them
};

SolvedSpectrum by_fourier(const SpectrumProblem& problem);
SolvedSpectrum by_galerkin(const SpectrumProblem& problem);
SolvedSpectrum by_hermite(const SpectrumProblem& problem);
/// Of one axis between walls by chains of cells, else by the stencil on three grids.
SolvedSpectrum by_finite_volumes(const SpectrumProblem& problem);

/// Below all eigenvalues, whose real parts are at least min V, by about the slowest rate that the grid shows.
double shift_below(const SpectrumProblem& problem, double min_killing);
double min_killing(const SpectrumProblem& problem);

void take_values(const Eigen::VectorXcd& values, Spectrum& spectrum);
/// What rounding leaves of the eigenvalues of a matrix whose largest entry is `largest`.
std::vector<double> rounding_of(double largest, const std::vector<double>& conditions);
/// Of the last of three resolutions, and never less than rounding.
std::vector<double> errors_of(const Eigen::VectorXcd& fine, const Eigen::VectorXcd& middle,
                              const Eigen::VectorXcd& coarse, const Resolutions& resolutions,
                              const std::vector<double>& rounding);

}  // namespace umkehr
