// SPDX-License-Identifier: GPL-3.0-or-later
// The Schroedinger bridge (3.26-3.28): of all processes that carry P_i at `start` to P_f at `stop` the one nearest to the
// reference process, in D_KL(H* || G). Its density is P = chi chi_hat, its control u = D grad ln chi, beside
// the reference's drift b (3.20), the joint law of its ends pi = P_i H* (3.27), and its cost
//   A* = int P_f ln chi_f - int P_i ln chi_i       (the ends of (3.21), corrected; lambda = -ln chi)
//      = int dt int P (|u|^2/2D + V)               (3.22, the running cost; the limit of (3.19))
//      = int int pi ln(pi / (P_i G)) = D_KL(H*||G) (3.15).
#pragma once

#include <string>
#include <vector>

#include "grids/history.hpp"
#include "solver/bridge/kernels/propagator_kernel.hpp"
#include "solver/bridge/schroedinger_system.hpp"
#include "solver/law/law.hpp"
#include "solver/process/process.hpp"
#include "solver/stepping/march.hpp"

namespace umkehr {

enum class BridgeMethod {
  closed_form,  ///< the kernel of an affine process on the line
  propagator    ///< a discretised process between the walls
};

struct BridgeChoices {
  BridgeMethod method = BridgeMethod::closed_form;
  PropagatorMethod propagator = PropagatorMethod::automatic;
  double step_tolerance = 1e-8;  ///< of the propagator's steps
  SchroedingerChoices system;
};

struct Bridge {
  History density;               ///< P = chi chi_hat at the centres
  History log_chi, log_chi_hat;  ///< -infinity where they vanish
  std::vector<History> control;  ///< u_k = D_k d_k ln chi, one an axis
  std::vector<double> coupling;  ///< in 1-D pi(x_i, x_f), the joint density of the ends; else empty
  double divergence = 0;         ///< D_KL(H* || G), by the ends
  double divergence_error = 0;   ///< estimated, of slices in time and of cells where these are of order 2
  double action = 0;             ///< the running cost
  double action_error = 0;       ///< estimated, of the integral over time
  double marginal_error = 0;     ///< L1
  std::size_t iterations = 0;
  std::vector<std::string> warnings;  ///< each with a number and a remedy
};

/// What `PropagatorMethod::automatic` takes for such ends; finite volumes where one of them is a point, samples or a
/// formula in pieces.
PropagatorMethod usual_propagator(const Process& reference, const Grid& grid, const Law& initial,
                                  const Law& final, double start, double stop);

/// The bridge at ascending `times` within [start, stop]. Marginals are normalised on the grid. Throws NotConverged,
/// UnfitProblem for choices that do not fit, NumericalFailure, and whatever `progress` throws.
Bridge solve_bridge(const Process& reference, const Grid& grid, const Law& initial, const Law& final,
                    double start, double stop, const std::vector<double>& times,
                    const BridgeChoices& choices = {}, const Progress& progress = {});

/// Bytes that a bridge takes beside its fields.
std::size_t estimate_bridge_memory(const Grid& grid, const BridgeChoices& choices);

}  // namespace umkehr
