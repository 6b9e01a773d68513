// SPDX-License-Identifier: GPL-3.0-or-later
// The Onsager-Machlup action of a path given at times t_0 < .. < t_n, straight between them, each piece judged at its
// middle:  A[x] = sum_j h_j L((x_j + x_{j+1})/2, (x_{j+1} - x_j)/h_j, (t_j + t_{j+1})/2)
//               = int ( sum_k (x_k' - F_k)^2 / (2 D_k) + div F / 2 + V ) ds + O(h^2),
// with its exact gradient and Hessian in the inner points, block tridiagonal.
#pragma once

#include <span>
#include <vector>

#include "solver/paths/band_matrix.hpp"
#include "solver/paths/lagrangian.hpp"

namespace umkehr {

/// A path in one to three dimensions: x[k][j] at times[j].
struct Path {
  std::vector<double> times;
  std::vector<std::vector<double>> x;

  std::size_t dimension() const { return x.size(); }
  std::size_t intervals() const { return times.size() - 1; }
};

struct Action {
  double kinetic = 0;     ///< int sum_k (x_k' - F_k)^2 / (2 D_k)
  double divergence = 0;  ///< int div F / 2; zero where it was left out
  double killing = 0;     ///< int V
  double total() const { return kinetic + divergence + killing; }
};

/// Throws UnfitProblem unless times ascend and the path has the process's dimension.
Action onsager_machlup_action(const Process& process, const Path& path, bool with_divergence = true);

/// What the Newton iteration needs.
class DiscreteAction {
 public:
  explicit DiscreteAction(const Lagrangian& lagrangian) : lagrangian_(lagrangian) {}

  Action value(const Path& path) const;
  /// Unknown (j - 1) d + k is x_k at time j, 0 < j < n.
  Action derivatives(const Path& path, std::vector<double>& gradient, BandMatrix& hessian) const;
  /// L, and sum_k v_k dL/dv_k - L, which is constant along a stationary path where nothing depends on time, at the middles.
  void along(const Path& path, std::vector<double>& lagrangian, std::vector<double>& energy) const;

 private:
  /// Of each piece its middle, its velocity, its time and its length.
  struct Pieces {
    Points x, v;
    std::vector<double> time, length;
  };
  static Pieces pieces(const Path& path);

  const Lagrangian& lagrangian_;
};

}  // namespace umkehr
