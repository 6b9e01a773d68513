// SPDX-License-Identifier: GPL-3.0-or-later
// The action of a process dx = b dt + sqrt(D) dW with running cost V under a control u (3.21), its boundary term with the sign
// that makes (3.22) follow,
//   A = + int (P_i lambda(t_i) - P_f lambda(t_f)) dx + int dt int P ( sum_k u_k^2/(2 D_k) + V + (d_t + L_H) lambda ) dx,
//   A = int dt int ( P (sum_k u_k^2/(2 D_k) + V) - lambda (d_t - L_H^dagger) P ) dx                                  (3.22),
// with L_H h = (b + u).grad h + sum_k D_k/2 d_k^2 h. As printed, (3.21) has the other boundary sign and differs by twice that
// term. Time by adaptive Gauss-Kronrod panels, space by the midpoint rule: spectral for fields that have decayed at the walls.
#pragma once

#include <span>
#include <vector>

#include "grids/adaptive_quadrature.hpp"
#include "grids/grid.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// lambda, P and u, independent of each other. Derivatives are exact for formulas (derivative.hpp).
struct ActionFields {
  Coefficient cost_to_go, density;
  std::vector<Coefficient> control;  ///< one an axis
};

enum class BoundarySign { corrected, printed };

/// (3.21)
double action(const Process& process, const ActionFields& fields, const Grid& grid, double start, double stop,
              BoundarySign sign = BoundarySign::corrected, const QuadratureChoices& choices = {});
/// (3.22)
double action_by_parts(const Process& process, const ActionFields& fields, const Grid& grid, double start,
                       double stop, const QuadratureChoices& choices = {});

/// What (3.23) makes vanish at the cell centres, each the derivative of A with respect to one field.
struct Stationarity {
  std::vector<double> forward;               ///< -(d_t - L_H^dagger) P, of lambda (3.23a)
  std::vector<double> backward;              ///< sum_k u_k^2/(2 D_k) + V + (d_t + L_H) lambda, of P (3.23b)
  std::vector<std::vector<double>> control;  ///< P (u_k/D_k + d_k lambda), of u_k (3.23c)
};
Stationarity stationarity(const Process& process, const ActionFields& fields, const Grid& grid, double t);

/// What (3.21) holds of the control at one point: sum_k u_k^2/(2 D_k) + u_k d_k lambda. With lambda and P frozen, actions
/// differ by int dt int P times the difference of these alone (3.36).
double control_terms(std::span<const double> control, std::span<const double> diffusion,
                     std::span<const double> cost_slope);

}  // namespace umkehr
