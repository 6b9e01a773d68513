// SPDX-License-Identifier: GPL-3.0-or-later
// Between the nodes of Gauss-Kronrod panels (adaptive_quadrature.hpp): polynomials of degree 14, one a panel.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "grids/interpolation/lagrange.hpp"

namespace umkehr {

/// Weights at t of the 15 nodes of the panel that holds it, among `nodes` of all panels between ascending
/// edges.
inline LagrangeStencil stencil_in_panel(const std::vector<double>& edges, std::span<const double> nodes,
                                        double t) {
  constexpr std::size_t nodes_of_panel = 15;
  const auto above = std::upper_bound(edges.begin(), edges.end(), t) - edges.begin();
  const auto panel = static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(above - 1, 0, static_cast<std::ptrdiff_t>(edges.size()) - 2));
  return {nodes, panel * nodes_of_panel, nodes_of_panel, t};
}

}  // namespace umkehr
