// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes y_j with weights for integrals of exp(-lambda(y)) times Gaussians that are at least `narrowest` wide, kept as
// costs lambda(y_j) - ln weight_j. In 1-D panels of 16 Gauss-Legendre nodes, halved until lambda is its interpolant on
// each, so that kinks anywhere are resolved; in 2-D and 3-D the trapezoid rule, which converges faster than any power for
// smooth lambda.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <vector>

#include "grids/points.hpp"

namespace umkehr {

/// lambda at a batch of points; may be +infinity, where chi vanishes.
using TerminalValues = std::function<void(const Points& y, std::span<double> lambda)>;

/// A tensor product over three axes; in fewer dimensions the first ones hold the single node 0.
struct TerminalNodes {
  static constexpr std::size_t block = 16;  ///< nodes of the last axis that are looked at together

  std::array<std::vector<double>, 3> y;  ///< ascending
  std::size_t row = 0;       ///< nodes of the last axis, filled up to whole blocks with infinite cost
  std::vector<double> cost;  ///< (y0, y1, row)
  std::vector<double> block_least, row_least, plane_least;  ///< smallest cost of each block, row and plane

  void find_least();
};

struct NodeRange {
  double from = 0, to = 0, spacing = 0;
};

/// Where lambda has features so narrow that panels would not see them, found by looking closely once.
struct NarrowFeatures {
  double spacing = 0;      ///< at which has been looked; 0 before
  std::vector<double> at;  ///< ascending
};

TerminalNodes panel_nodes(const TerminalValues& lambda, const NodeRange& range, double narrowest,
                          NarrowFeatures& features);
/// Two or three ranges.
TerminalNodes uniform_nodes(const TerminalValues& lambda, const std::vector<NodeRange>& ranges);

}  // namespace umkehr
