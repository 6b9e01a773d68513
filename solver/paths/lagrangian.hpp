// SPDX-License-Identifier: GPL-3.0-or-later
// The Onsager-Machlup Lagrangian of a path's vicinity under dx = F dt + sqrt(D) dW killed at rate V:
//   L(x, v, t) = sum_k (v_k - F_k)^2 / (2 D_k) + div F / 2 + V,
// the exponent of (2.18) and (2.32) with F taken at the middle of each slice; div F / 2 is what that costs. Onsager &
// Machlup, Phys. Rev. 91 (1953) 1505; Graham, Z. Phys. B 26 (1977) 281.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

/// L and its derivatives at one (x, v, t), the first `d` places of each array used.
struct LagrangianValue {
  using Vector = std::array<double, 3>;
  using Matrix = std::array<Vector, 3>;
  double kinetic = 0, divergence = 0, killing = 0;
  double value() const { return kinetic + divergence + killing; }
  Vector momentum{};  ///< dL/dv = (v - F) / D
  Vector force{};     ///< dL/dx
  Vector vv{};        ///< d2L/dv2, diagonal
  Matrix vx{};        ///< d2L/dv_k dx_l
  Matrix xx{};
};

class Lagrangian {
 public:
  /// Without divergence: the action of the most probable end of a noise's path rather than of the path's vicinity.
  /// Coordinates along the periodic axes of `grid` are brought into them.
  Lagrangian(const Process& process, bool with_divergence = true, std::optional<Grid> grid = {});

  std::size_t dimension() const { return process_.dimension(); }
  bool depends_on_time() const { return process_.depends_on_time(); }
  /// The three terms and the momentum, at a batch of (x, v, t).
  std::vector<LagrangianValue> values(const Points& x, const Points& v, std::span<const double> t) const;
  /// All of it. Exact for formulas; C++ functions are differenced, to about 1e-10.
  std::vector<LagrangianValue> with_derivatives(const Points& x, const Points& v,
                                                std::span<const double> t) const;

  /// What does not depend on v, at points of one time: F, and div F / 2 + V.
  struct Fields {
    std::vector<std::vector<double>> drift;
    std::vector<double> rest;
  };
  Fields fields(const Points& x, double t) const;
  /// D, one an axis. Throws UnfitProblem unless it is positive.
  LagrangianValue::Vector diffusion(double t) const;

 private:
  std::vector<LagrangianValue> values_within(const Points& x, const Points& v,
                                             std::span<const double> t) const;
  Points within(Points x) const;

  /// A coefficient with its first and second derivatives.
  struct Jet {
    Coefficient value;
    std::vector<Coefficient> slope;                   // d_l
    std::vector<std::vector<Coefficient>> curvature;  // d_l d_m, m <= l
  };
  static Jet jet(const Coefficient& f, std::size_t dimension);

  Process process_;
  bool with_divergence_;
  std::optional<Grid> grid_;
  std::vector<Jet> drift_;
  Jet half_divergence_, killing_;
};

}  // namespace umkehr
