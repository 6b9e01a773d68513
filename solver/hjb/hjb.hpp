// SPDX-License-Identifier: GPL-3.0-or-later
// The Hamilton-Jacobi-Bellman equation (3.24) of steering a process at least cost,
//   d lambda/ds + b.grad lambda + sum_k D_k/2 d_k^2 lambda - sum_k D_k/2 (d_k lambda)^2 + V = 0,  lambda given at `stop`,
// with drift b, running cost V (the killing) and the control u_k = -D_k d_k lambda, three ways. chi = exp(-lambda) obeys the
// backward equation -d chi/ds = L chi (3.25). Walls are outflow, whatever the process does there: the problem is that on
// the line, known on the grid; periodic axes stay periodic.
//
// | method            | scheme                                                                                          |
// | finite_difference | Godunov's Hamiltonian on WENO slopes (third order, fifth for `order` 4), diffusion implicit      |
// | spectral          | as many Chebyshev points (Fourier's where periodic) as lambda needs at any time (hjb_nodes.hpp)   |
// | log_transform     | kernel of an affine process, summed in the log domain; else chi on Chebyshev's points            |
//
// Every solution is held against another one on other nodes or cells; what they differ by is the error that is given.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "grids/grid.hpp"
#include "grids/history.hpp"
#include "solver/process/process.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {

enum class HjbMethod { finite_difference, spectral, log_transform };

struct HjbChoices {
  HjbMethod method = HjbMethod::log_transform;
  /// Bounds |error|/(1 + lambda - min lambda) as estimated: of finite differences that in time alone, of all others the
  /// whole.
  double tolerance = 1e-8;
  std::optional<double> step =
      std::nullopt;  ///< fixed instead of adaptive; the closed-form kernel takes no steps
  int order = 2;     ///< of finite differences in space: 2 or 4
  double max_error =
      0.02;  ///< estimated, of what the tolerance does not bound; a solution beyond it is refused
};

struct HjbSolution {
  History value;                 ///< lambda at the cell centres
  std::vector<History> control;  ///< u_k = -D_k d_k lambda, one an axis
  std::vector<double> error;     ///< estimated, largest |error|/(1 + lambda - min lambda) at each saved time
  std::size_t steps = 0, refused = 0;
  std::vector<std::string> warnings;  ///< each with a number and a remedy
};

/// Finite differences where drift or killing have jumps or kinks, which no series resolves.
HjbMethod usual_hjb_method(const Process& process, const Grid& grid, double start);

/// lambda at ascending `times`, none after `stop`, where it is `terminal`. Throws UnfitProblem for choices that do
/// not fit, NumericalFailure where no step is short enough or lambda ceases to exist, and whatever `progress` throws.
HjbSolution solve_hjb(const Process& process, const Grid& grid, const Coefficient& terminal, double stop,
                      const std::vector<double>& times, const HjbChoices& choices = {},
                      const Progress& progress = {});

}  // namespace umkehr
